import fc from 'fast-check';
import { invitationsCsv, membersCsv, readInviteesCsv } from 'org-user-manager/csv';
import { judgeAddress } from 'org-user-manager/extract';
import { describe, expect, it } from 'vitest';
import { invitation, member } from './views.ts';

const readAddress = (address: string) =>
  readInviteesCsv(invitationsCsv([{ ...invitation, address }])).rows[0];
const readName = (name: string) =>
  readInviteesCsv(membersCsv([{ ...member, name }])).rows[0]?.name ?? '';

/** A name as it is kept: on one line, without what cannot be seen. */
const kept = (name: string) =>
  name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('an exported address is imported as the same person', () => {
  it.each([
    'x|@example.com',
    'a|=b@example.com',
    "a|'=b@example.com",
    "'=x@example.com",
    "''=x@example.com",
    '=x@example.com',
    "'ana@example.com",
    "'@example.com",
    '|@example.com',
    "|'|'@example.com",
  ])('%s', (address) => {
    expect(judgeAddress(address).ok).toBe(true);
    expect(readAddress(address)).toMatchObject({ address, verdict: 'ok' });
  });

  it('whatever the judge accepts', () => {
    const localPart = fc.string({
      unit: fc.constantFrom(...'\'|=+-"&/.a7Ａé＝＋', '\u0301', '葉', '\u0430'),
      minLength: 1,
      maxLength: 9,
    });
    const judged = localPart.map((name) => judgeAddress(`${name}@example.com`));
    fc.assert(
      fc.property(
        judged.filter(({ ok }) => ok),
        (person) => {
          if (!person.ok) return;
          expect(readAddress(person.address)?.address).toBe(person.key);
          expect(readAddress(person.key)?.address).toBe(person.key);
        },
      ),
      { numRuns: 1_000, seed: 61 },
    );
  });
});

describe('an exported name is imported as it was', () => {
  it.each([
    ...['A;=B', "A;'=B", "A|''-B", "'=A", "''=A", "'Ana", "O'Neil; -", '"=A', "A,\t'=B", "A\n'@B"],
    ...["'\tAna", " '\tAna", '\tAna', "'\n", "\r\n'=A", 'A\r\n=B', ';=', "'", "' =", '; "\'=A'],
    ...[`'${' '.repeat(120)}\tAna`, `A;${' '.repeat(120)}\t=B`, `\t${' '.repeat(150)}'=`],
  ])('%j', (name) => {
    expect(readName(name)).toBe(kept(name));
  });

  it('whatever it is', () => {
    const name = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'\'";,|=+-@\t\r\n aＡ＝＠−﹢', '\u200B', '\u{E0001}') }),
      fc.string({ unit: 'binary', maxLength: 30 }),
    );
    fc.assert(
      fc.property(name, (text) => {
        expect(readName(text)).toBe(kept(text));
      }),
      { numRuns: 1_000, seed: 61 },
    );
  });
});

it('what another tool has put an apostrophe before is read without it', () => {
  const file = "email,name,phone\n'=ana@example.com,'-Ana,'+12025550123\npetr@example.org,'Petr',";
  expect(readInviteesCsv(file).rows).toMatchObject([
    { address: '=ana@example.com', name: '-Ana', phone: '+12025550123' },
    { address: 'petr@example.org', name: "'Petr'" },
  ]);
});

it('no cell opens a formula, wherever another country would split it', () => {
  const text = fc.string({ unit: fc.constantFrom(...'\'";,|=+-@\t\r\n a＝＠−', '\u200B', '\0') });
  fc.assert(
    fc.property(text, (name) => {
      const csv = membersCsv([{ ...member, name }], { bom: false });
      const written = csv.slice(csv.indexOf('\r\n') + 2);
      for (const cell of written.split(/[,;\t|\r\n]/)) {
        expect(cell).not.toMatch(/^[\s\p{Cc}\p{Cf}"]*[=+\-@＝＠−]/u);
      }
    }),
    { numRuns: 1_000, seed: 61 },
  );
});
