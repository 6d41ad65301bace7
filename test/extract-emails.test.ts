import { extractEmails, ianaTlds, judgeAddress, maskAddress } from 'org-user-manager/extract';
import { describe, expect, it } from 'vitest';
import { extractCases } from './extract-cases.ts';

const accepted = (text: string) =>
  extractEmails(text).entries.flatMap((entry) =>
    entry.verdict === 'ok' || entry.verdict === 'review' ? [entry.address] : [],
  );
const reasons = (text: string) =>
  extractEmails(text).entries.flatMap((entry) =>
    entry.verdict === 'rejected' ? [entry.reason] : [],
  );

describe.each(Object.entries(extractCases))('a paste of %s', (_kind, cases) => {
  const named = cases.map(([text, addresses, refused = '']) => ({ text, addresses, refused }));
  it.each(named)('$text', ({ text, addresses, refused }) => {
    expect(accepted(text)).toEqual(addresses.split(' ').filter(Boolean));
    expect(reasons(text)).toEqual(refused.split(' ').filter(Boolean));
  });
});

describe('entries', () => {
  it('say where they stood, word for word', () => {
    const text = 'x Bob Roe <Bob@Example.org>, carol@example.comm';
    const { entries } = extractEmails(text);
    expect(entries).toMatchObject([
      { verdict: 'ok', address: 'Bob@example.org', key: 'bob@example.org', raw: 'Bob@Example.org' },
      { verdict: 'rejected', reason: 'unknown-tld', raw: 'carol@example.comm' },
    ]);
    for (const { index, length, raw } of entries) {
      expect(text.slice(index, index + length)).toBe(raw);
    }
  });

  it('know a final sigma in capitals', () => {
    const { entries } = extractEmails('ΝΙΚΟΣ.ΠΑΠΠΑΣ@example.com νικος.παππας@example.com');
    expect(entries).toMatchObject([
      { verdict: 'ok', key: 'νικος.παππας@example.com' },
      { verdict: 'duplicate', duplicateOf: 0 },
    ]);
  });

  it('keep the first spelling and point duplicates at it', () => {
    const { entries, totals } = extractEmails(
      'x@y Alice@example.com ALICE@EXAMPLE.COM mu\u0308@example.com MÜ@example.com',
    );
    expect(entries).toMatchObject([
      { verdict: 'rejected', reason: 'no-tld' },
      { verdict: 'ok', address: 'Alice@example.com' },
      { verdict: 'duplicate', duplicateOf: 1 },
      { verdict: 'ok', address: 'mü@example.com', needsSmtpUtf8: true },
      { verdict: 'duplicate', duplicateOf: 3 },
    ]);
    expect(totals).toEqual({ ok: 2, review: 0, rejected: 1, duplicate: 2 });
  });

  it('accept an address after it only posed as a name', () => {
    const { entries } = extractEmails('bob@example.org <alice@example.com>\nbob@example.org');
    expect(entries.map((entry) => entry.verdict)).toEqual(['rejected', 'ok', 'ok']);
  });

  it.each([
    ['Doe, John (IT) <a@example.com>', 'Doe, John (IT)'],
    ['"Doe, \\"JD\\" John" <a@example.com>', 'Doe, "JD" John'],
    ['x@example.com, Bob Roe <a@example.com>', 'Bob Roe'],
    ['To: Ludwig van Beethoven <a@example.com>', 'Ludwig van Beethoven'],
    ['for all of this please write to Bob Roe <a@example.com>', 'Bob Roe'],
    ['Bob\u202E Roe <mailto:a@example.com>', 'Bob Roe'],
    ["'Bob Roe' <a@example.com>", 'Bob Roe'],
    ['<a@example.com>', undefined],
    ['=?UTF-8?Q?B=C3=B6b?= <a@example.com>', undefined],
    ['x <b@example.com>\n<a@example.com>', undefined],
    ['On Tue, Mar 3, 2026 at 10:11 AM Ana Reyes <a@example.com> wrote:', 'Ana Reyes'],
    ['On Tue, 3 Mar 2026 at 10:11, Ana Reyes <a@example.com> wrote:', 'Ana Reyes'],
    ['Am 03.03.2026 um 10:11 schrieb Ana Reyes <a@example.com>:', 'Ana Reyes'],
    ['El mar, 3 mar 2026 a las 10:11, Ana Reyes (<a@example.com>) escribió:', 'Ana Reyes'],
    ['On 2026-03-03, Ana van der Berg <a@example.com> wrote:', 'Ana van der Berg'],
    ['12. Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['10:11 <a@example.com>', undefined],
    ['Studio 54 <a@example.com>', 'Studio 54'],
    ['"Team 7 Berlin" <a@example.com>', 'Team 7 Berlin'],
    ["'petr@example.org' via Ana <a@example.com>", 'Ana'],
    ['[EXT] Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['[x] Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['\u2013 Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['\u2192 Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['+ Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['\u2705 Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['+Finance Team <a@example.com>', '+Finance Team'],
    ['#Project-X <a@example.com>', '#Project-X'],
    ['**Ana Reyes** <a@example.com>', 'Ana Reyes'],
    ['__Ana Reyes__ <a@example.com>', 'Ana Reyes'],
    ['\u201EAna Reyes\u201C <a@example.com>', 'Ana Reyes'],
    ['\u00ABAna Reyes\u00BB <a@example.com>', 'Ana Reyes'],
    ['李娜<b@example.com>；王伟<a@example.com>', '王伟'],
    ['收件人：王伟 <a@example.com>', '王伟'],
    ['Ana | HR | ACME <a@example.com>', undefined],
    ['| 1 | HR | Ana Reyes <a@example.com> |', 'Ana Reyes'],
    ['1 | Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['Ana "Annie" Reyes <a@example.com>', undefined],
    ['["Ana Reyes <a@example.com>"]', 'Ana Reyes'],
    ['Bob <b@example.com> and Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['Bob <b@example.com> & Ana <a@example.com>', 'Ana'],
    ['<b@example.com> or <a@example.com>', undefined],
    ['please invite Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['please invite ana <a@example.com>', undefined],
    ['ana reyes <a@example.com>', 'ana reyes'],
    ['ana van der berg <a@example.com>', 'ana van der berg'],
    ['Head of Sales <a@example.com>', 'Head of Sales'],
    ['write to María de los Ángeles Pérez <a@example.com>', 'María de los Ángeles Pérez'],
    ['في 10:11 ص تمت كتابة ما يلي بواسطة محمد علي <a@example.com>', undefined],
    ['Ana Reyes,<a@example.com>', 'Ana Reyes'],
    ['7,Ana Reyes,HR,<a@example.com>', undefined],
    ['3M Sales <a@example.com>', '3M Sales'],
    ['{"to":"\\"Ana Reyes\\" <a@example.com>"}', 'Ana Reyes'],
    ['"""Reyes, Ana"" <a@example.com>"', 'Reyes, Ana'],
    ['"Ana \\"JD\\"" <a@example.com>', 'Ana "JD"'],
    ['"" <a@example.com>', undefined],
    ['"x","" <a@example.com>', undefined],
    ['(Ana Reyes) <a@example.com>', 'Ana Reyes'],
    ['Ana Reyes, Head of the IT <a@example.com>', undefined],
    ['Bob <b@example.com> i Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['Ana Reyes < a@example.com >', 'Ana Reyes'],
    ['Ana Reyes <  a@example.com>', 'Ana Reyes'],
    ['Ana <\u202Aa@example.com\u202C>', 'Ana'],
    ['b@example.com < a@example.com', undefined],
    ['name=Ana Reyes <a@example.com>', 'Ana Reyes'],
    ['Müller, Jürgen (IT) <a@example.com>', 'Müller, Jürgen (IT)'],
    ['Ana Reyes \u2013 <a@example.com>', 'Ana Reyes'],
    ['Ana Reyes (Extern) - ACME <a@example.com>', 'Ana Reyes (Extern) - ACME'],
    ['Customer Success @ ACME <a@example.com>', undefined],
    ['The Daily Team <a@example.com>', 'The Daily Team'],
    ['10AM Ana Reyes <a@example.com>', 'Ana Reyes'],
  ])('name the person in %j', (text, display) => {
    const entry = extractEmails(text).entries.at(-1);
    expect(entry).toMatchObject({ address: 'a@example.com' });
    expect(entry && 'display' in entry ? entry.display : undefined).toBe(display);
  });

  it.each([
    ['请联系alice@example.com', 'script-change'],
    ['clip@1080p.mov', 'file-name'],
    ['notes@2024.md', 'file-name'],
    ['\u0430lice@example.com', 'mixed-scripts'],
    ['bob@ex\u0430mple.com', 'mixed-scripts'],
    ['-alice@example.com', 'leading-sign'],
    ['－alice@example.com', 'leading-sign'],
    ['＋alice@example.com', 'leading-sign'],
    ['alice%2Bdev@example.com', 'percent-sign'],
  ])('ask for a look at %s', (text, reason) => {
    expect(extractEmails(text).entries).toMatchObject([{ verdict: 'review', reason }]);
  });
});

describe('limits', () => {
  it('stop at the given number of addresses', () => {
    const text = 'a@example.com b@example.com a@example.com c@example.com';
    expect(extractEmails(text, { maxAddresses: 2 })).toMatchObject({
      totals: { ok: 2, duplicate: 1 },
      truncated: true,
    });
    expect(extractEmails(text, { maxAddresses: 3 }).truncated).toBe(false);
  });

  it.each([
    'petr@example.co=\nm x',
    'petr@example.co=\r\nm x',
    'petr@example.com&#46;au x',
    'petr@example.co<wbr />m x',
    'petr@example.co\x1B[1;31mm x',
  ])('never end inside a word that goes on, as in %j', (text) => {
    for (let maxLength = 1; maxLength < text.length; maxLength++) {
      expect(extractEmails(text, { maxLength }).totals.ok).toBe(0);
    }
  });

  it('never cut an address in two', () => {
    const text = 'a@example.com, b@example.com';
    for (let maxLength = 1; maxLength <= text.length; maxLength++) {
      const { entries, truncated } = extractEmails(text, { maxLength });
      expect(text.split(', ')).toEqual(expect.arrayContaining(entries.map((entry) => entry.raw)));
      expect(truncated).toBe(maxLength < text.length);
    }
  });

  it('refuse nonsense', () => {
    const refused = expect.objectContaining({ code: 'invalid_options' });
    expect(() => extractEmails('', { maxLength: 0 })).toThrow(refused);
    expect(() => extractEmails('', { maxAddresses: Number.NaN })).toThrow(refused);
    expect(() => extractEmails('', { tlds: 'com' })).toThrow(refused);
  });
});

describe('top-level domains', () => {
  it('are those of the root zone unless told otherwise', () => {
    const verdicts = (tlds?: 'any' | Iterable<string>) =>
      extractEmails('a@h.internal a@h.рф a@example.com', tlds ? { tlds } : {}).entries.map(
        (entry) => entry.verdict,
      );
    expect(verdicts()).toEqual(['rejected', 'ok', 'ok']);
    expect(verdicts('any')).toEqual(['ok', 'ok', 'ok']);
    expect(verdicts(['.internal', 'РФ'])).toEqual(['ok', 'ok', 'rejected']);
    expect(verdicts(new Set([...ianaTlds(), 'internal']))).toEqual(['ok', 'ok', 'ok']);
  });
});

describe('judgeAddress', () => {
  it('gives one form to mail and one to compare', () => {
    expect(judgeAddress('Al.Ice+X@BÜCHER.example.com')).toEqual({
      ok: true,
      address: 'Al.Ice+X@xn--bcher-kva.example.com',
      key: 'al.ice+x@xn--bcher-kva.example.com',
      localPart: 'Al.Ice+X',
      domain: 'xn--bcher-kva.example.com',
      needsSmtpUtf8: false,
    });
  });

  it.each([
    ['alice', 'no-domain'],
    ['@example.com', 'handle'],
    ['alice@', 'no-domain'],
    [' alice@example.com', 'bad-char'],
    ['alice@example.com ', 'bad-label'],
    ['alice@example.com.', 'trailing-dot'],
    ['alice\n@example.com', 'space-around-at'],
    ['al\0ice@example.com', 'bad-char'],
    ['al\u200Bice@example.com', 'bad-char'],
    ['al\u3164ice@example.com', 'bad-char'],
    ['\uD800@example.com', 'bad-char'],
    ['alice@example.com,bob@example.com', 'double-at'],
    ['<alice@example.com>', 'bad-char'],
    ['a@\u212A\u00DF\u2126.ẞﬁ.com', 'bad-label'],
    [`${'é'.repeat(33)}@example.com`, 'local-too-long'],
  ])('refuses %j: %s', (input, reason) => {
    expect(judgeAddress(input)).toEqual({ ok: false, reason });
  });
});

it('masks all but the first character', () => {
  expect(maskAddress('alice@example.com')).toBe('a•••@example.com');
  expect(maskAddress('𝒶b@example.com')).toBe('𝒶•••@example.com');
});
