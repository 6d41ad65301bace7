import validator from 'email-validator';
import fc from 'fast-check';
import { extractEmails, judgeAddress } from 'org-user-manager/extract';
import { expect, it } from 'vitest';
import { pasteCases } from './extract/cases/index.ts';
import { extractCases } from './extract-cases.ts';

const recipients = (text: string) =>
  extractEmails(text).entries.filter((entry) => entry.verdict !== 'rejected');
const addresses = (text: string) =>
  recipients(text).flatMap((entry) => (entry.verdict === 'duplicate' ? [] : [entry.address]));

const pastes = [...Object.values(extractCases), ...Object.values(pasteCases)]
  .flat()
  .map(([text]) => text);
// Realistic pieces and hostile characters, glued in any order.
const piece = fc.oneof(
  fc.constantFrom(...pastes),
  fc.constantFrom('alice', 'bob', '@', '.', 'example.com', 'example.org', 'com', '+', '-', '_'),
  fc.constantFrom(' ', '\n', ',', ';', '<', '>', '"', "'", '\\', '/', ':', '=', '%', '&', '*', '#'),
  fc.constantFrom('\0', '\u200B', '\u200D', '\uFEFF', '\u202E', '\u2066', '\uD800', '\uDC00'),
  fc.constantFrom(
    '&#46;',
    '&#x2e;',
    '&lowbar;',
    '&lt;',
    '&nbsp;',
    '\\x2e',
    "\\'e9",
    '.\n ',
    '-\r\n\t',
  ),
  fc.constantFrom('https://', 'host:8080#', 'IMCEANOTES-', 'Message-ID: ', '<b>', '</b>', '＆'),
  fc.constantFrom('é', '葉', 'を', '。', '＠', '．', 'а', '•', '🙂', '\uFE0F', '\u3164', '\uFFFD'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
// A fixed seed, so that a run never turns red by chance; remove it to look for more.
const settings = { numRuns: 3_000, seed: 58 };
const check = (property: (text: string) => void) =>
  fc.assert(fc.property(text, property), settings);

it('returns only what the judge accepts, in its normal form', () => {
  check((paste) => {
    for (const entry of recipients(paste)) {
      expect(judgeAddress(entry.address)).toMatchObject({ address: entry.address, key: entry.key });
    }
  });
});

it('finds its own output again, in the same order', () => {
  check((paste) => {
    // Line by line, names that start with a number are the numbers of a list.
    const found = addresses(paste).filter((address) => !/^\d+[.)]/.test(address));
    for (const separator of [', ', '\n', '; ', ' ']) {
      expect(addresses(found.join(separator))).toEqual(found);
    }
  });
});

it('lets no invisible, control or broken character into an address', () => {
  check((paste) => {
    for (const { address } of recipients(paste)) {
      expect(address).not.toMatch(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}<>,;:"()[\]\\]/u);
      expect(address).toBe(address.normalize('NFC'));
    }
  });
});

it('reports entries in text order, word for word, without overlap', () => {
  check((paste) => {
    let end = 0;
    for (const entry of extractEmails(paste).entries) {
      expect(entry.index).toBeGreaterThanOrEqual(end);
      expect(entry.raw).toBe(paste.slice(entry.index, entry.index + entry.length));
      end = entry.index + entry.length;
    }
  });
});

it('counts every entry once', () => {
  check((paste) => {
    const { entries, totals } = extractEmails(paste);
    const counted = { ok: 0, review: 0, rejected: 0, duplicate: 0 };
    for (const { verdict } of entries) counted[verdict]++;
    expect(totals).toEqual(counted);
  });
});

it('returns each address once, and duplicates point at the first', () => {
  check((paste) => {
    const { entries } = extractEmails(paste);
    const keys = entries.flatMap((entry) =>
      entry.verdict === 'ok' || entry.verdict === 'review' ? [entry.key] : [],
    );
    expect(new Set(keys).size).toBe(keys.length);
    for (const entry of entries) {
      if (entry.verdict === 'duplicate') {
        expect(entries[entry.duplicateOf]).toMatchObject({ key: entry.key });
      }
    }
  });
});

it('takes no piece out of a longer run of address characters', () => {
  // A run that starts and ends like an address and holds nothing that could wrap one.
  const unit = fc.constantFrom('a', 'b1', '.', '-', '_', '+', '@', 'é', '\uFFFD', 'example.com');
  const run = fc.array(unit, { minLength: 1, maxLength: 10 }).map((units) => units.join(''));
  fc.assert(
    fc.property(run, (middle) => {
      const whole = `x${middle}@example.com`;
      for (const { raw } of recipients(`see ${whole} today`)) expect(raw).toBe(whole);
    }),
    settings,
  );
});

it('agrees with email-validator on every plain ASCII address it returns', () => {
  check((paste) => {
    for (const { address, domain } of recipients(paste)) {
      const isPlain = /^[\x20-\x7E]+$/.test(address) && !/\.xn--[^.]+$/.test(domain);
      if (isPlain) expect([address, validator.validate(address)]).toEqual([address, true]);
    }
  });
});

it('keeps the order and the first spelling', () => {
  const names = fc.array(fc.constantFrom('ana', 'Ana', 'ANA', 'petr', 'Petr', 'yuki'), {
    minLength: 1,
    maxLength: 12,
  });
  const separator = fc.constantFrom(', ', '\n', ';', ' | ', '\u200B', '、');
  fc.assert(
    fc.property(names, separator, (spelled, between) => {
      const firsts = spelled.filter(
        (name, index) =>
          spelled.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === index,
      );
      const text = spelled.map((name) => `${name}@example.com`).join(between);
      expect(addresses(text)).toEqual(firsts.map((name) => `${name}@example.com`));
    }),
    settings,
  );
});

it('gives no piece of a longer run the verdict ok', () => {
  // Plain signs, and the escapes that spell one.
  const sign = String.raw`[\uFF00-\uFF02\uFF07-\uFF09\uFF0C\uFF0F\uFF1A-\uFF20\uFF3B-\uFF3D\uFF5B-\uFF65\s,:.!?"'()<>[\]{}|/*_\x60=\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{Pd}\p{Z}\p{C}\p{M}\p{Default_Ignorable_Code_Point}]`;
  // A semicolon is plain unless it ends an entity that spells another sign.
  const entity = String.raw`&(?:amp;)*(?:amp|nbsp|lt|gt|quot|apos|[lrsb]d?s?quo|[lr]s?aquo|[mn]dash|hellip|bull|middot|[lr]par|[lr]sqb|comma|semi|colon|newline|tab|[lr]arr|e[nm]sp|thinsp|zwn?j|#(?:9|1[03]|3[2-49]|4[0147]|5[89]|6[0-3]|9[13]|12[345]|160|8[12]\d\d)|#x(?:[9ad]|2[0-2789cf]|3[abcef]|[57][bd]|7c|a0|20\d\w|feff));`;
  const semicolon = String.raw`(?<!&(?:amp;)*#?\w{1,24});|${entity}`;
  const before = new RegExp(
    String.raw`(?:^|(?<!\w[.+_-]\r?\n[ \t])(?:${sign}|${semicolon})|\\(?:u[\da-f]{4}|x[\da-f]{2}|[nrtv])|[[;][\d;]*[a-z]|%[\da-f]{2}|[\u2190-\u21FF\u25A0-\u25FF\u2605\u2713-\u2716\u27A2\u27A4]\uFE0F?|[a-z]')$`,
    'isu',
  );
  const inUrl = /:\/\/[^\s"'<>,;|()[\]]*:$/;
  const behind = new RegExp(String.raw`^(?:$|${sign}|;|&|\\|E<gt>|%)`, 'u');
  check((paste) => {
    for (const { verdict, index, length, raw } of extractEmails(paste).entries) {
      if (verdict !== 'ok') continue;
      const lead = paste.slice(Math.max(0, index - 32), index);
      if (/\\'$/.test(lead)) expect(paste.slice(index + length)).toMatch(/^\\/);
      const rest = paste.slice(index + length, index + length + 8);
      expect(lead).toMatch(before);
      expect(lead).not.toMatch(inUrl);
      expect(raw).not.toMatch(/^IMCEA/i);
      expect(rest).toMatch(behind);
    }
  });
});
