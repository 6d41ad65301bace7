import fc from 'fast-check';
import type { MemberView } from 'org-user-manager';
import { invitationsCsv, membersCsv, readInviteesCsv } from 'org-user-manager/csv';
import { memoryStorage } from 'org-user-manager/memory';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { admin, createTeam, orgId } from '../fixtures/team.ts';
import { member } from './views.ts';

const cellsOf = (csv: string) => Papa.parse<string[]>(csv.slice(1).trimEnd()).data;
const nameCell = (name: string) => cellsOf(membersCsv([{ ...member, name }]))[1]?.[1] ?? '';

describe('the members', () => {
  it('are a file that spreadsheets open', () => {
    expect(membersCsv([member])).toBe(
      '\uFEFFEmail,Name,Phone,Role,Daily limit,Monthly limit,Status,Used today,Used this month,' +
        'Joined,Disabled,User id\r\n' +
        "ana@example.com,Ana Reyes,'+12025550123,member,0,unlimited,active,3,40," +
        '2026-03-01T09:00:00.000Z,,u_1\r\n',
    );
    expect(membersCsv([], { bom: false })).toMatch(/^Email,.*,User id\r\n$/);
  });

  it.each([
    ['Reyes, "Ana"', '"Reyes, ""Ana"""'],
    ['Ana\r\nReyes', '"Ana\r\nReyes"'],
    ['Ana;Reyes', 'Ana;Reyes'],
    [' Ana', '" Ana"'],
  ])('quote %j as RFC 4180 says', (name, written) => {
    expect(membersCsv([{ ...member, name }])).toContain(`ana@example.com,${written},`);
  });

  it.each([
    '=HYPERLINK("https://example.net")',
    '+1',
    '-1+1',
    '@SUM(A1)',
    '\tAna',
    '\rAna',
    ' \u200B=1',
    '\0=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '\u22121',
  ])('hold the name %j as text', (name) => {
    expect(nameCell(name)).toBe(`'${name}`);
  });

  it.each([
    ['Ana;=1+1', "Ana;'=1+1"],
    ['\t=1', "'\t'=1"],
    ['Ana,\n@x', "Ana,'\n'@x"],
    ['Ana-Maria', 'Ana-Maria'],
    ['a=b', 'a=b'],
    ["'Ana", "'Ana"],
  ])('keep %j from starting a formula behind a separator', (name, cell) => {
    expect(nameCell(name)).toBe(cell);
  });

  it('are read again as the people and terms they are', async () => {
    const { manager, join } = await createTeam(memoryStorage());
    for (const userId of ['u_1', '=u_2', '-u_3']) await join(userId);
    await manager.setLimit({ orgId, actor: admin, userId: 'u_1', daily: 10 });
    await manager.promote({ orgId, actor: admin, userId: '=u_2' });
    const { items } = await manager.listMembers({ orgId, actor: admin });
    const read = readInviteesCsv(membersCsv(items));
    expect(
      read.rows.map(({ address, name, role, limit }) => ({ address, name, role, limit })),
    ).toEqual(items.map(({ address, name, role, limit }) => ({ address, name, role, limit })));
    expect(read.issues.every(({ code }) => code === 'unknown-column')).toBe(true);
  });
});

it.each([undefined, null, { items: [member] }, 'x'])('%j is no list to write', (list) => {
  for (const [write, path] of [
    [membersCsv, 'members'],
    [invitationsCsv, 'invitations'],
  ] as const) {
    const issues = [{ path, message: 'must be an array' }];
    expect(() => Reflect.apply(write, undefined, [list])).toThrow(
      expect.objectContaining({ code: 'invalid_input', details: { issues } }),
    );
  }
});

it('invitations are written without their links', async () => {
  const { manager } = await createTeam(memoryStorage());
  for (const email of ['ana@example.com', '+petr@example.org', '=yuki@example.net']) {
    await manager.invite({ orgId, actor: admin, email });
  }
  const { items } = await manager.listInvitations({ orgId, actor: admin });
  const csv = invitationsCsv(items);
  for (const { link } of items) expect(csv).not.toContain(link?.split('/').at(-1) ?? '?');
  expect(cellsOf(csv).map((cells) => cells[0])).toEqual(
    ['Email', ...items.map(({ address }) => address)].map((address) =>
      /^[+=]/.test(address) ? `'${address}` : address,
    ),
  );
  expect(readInviteesCsv(csv).ready).toEqual(items.map(({ address }) => address));
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc
    .array(
      fc.constantFrom('=', '+', '@', '-', '\t', '\r', '\n', ' ', '\u200B', '＝', 'a', ',', ';'),
    )
    .map((characters) => characters.join('')),
);

it('no text becomes a formula, no number becomes text, no row another', () => {
  const view = fc.record({ name: anyText, userId: anyText, today: fc.maxSafeNat() });
  fc.assert(
    fc.property(fc.array(view, { maxLength: 4 }), (people) => {
      const members = people.map(({ name, userId, today }) => ({
        ...member,
        name,
        userId,
        usage: { today, thisMonth: today },
      }));
      const csv = membersCsv(members);
      expect(csv.isWellFormed()).toBe(true);
      const [, ...rows] = Papa.parse<string[]>(csv.slice(1, -2), { newline: '\r\n' }).data;
      expect(rows).toHaveLength(members.length);
      for (const [index, cells] of rows.entries()) {
        expect(cells).toHaveLength(12);
        for (const cell of cells) expect(cell).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u);
        expect(cells[7]).toBe(String(members[index]?.usage.today));
        const plain = cells[1]?.replaceAll("'", '');
        expect(plain).toBe(members[index]?.name.toWellFormed().replaceAll("'", ''));
      }
    }),
    { numRuns: 1_000, seed: 58 },
  );
});

it('what was invited with terms is read back from what is written', () => {
  const units = fc.option(fc.maxSafeNat(), { nil: null });
  const localPart = fc.stringMatching(/^[a-z0-9=+_-][a-z0-9+-]{0,8}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(localPart, { maxLength: 5 }),
      units,
      units,
      (names, daily, monthly) => {
        const members = names.map(
          (name): MemberView => ({
            ...member,
            address: `${name}@example.com`,
            limit: { daily, monthly },
          }),
        );
        const { ready, perAddress } = readInviteesCsv(membersCsv(members));
        expect(ready).toEqual(members.map(({ address }) => address));
        for (const { address, limit, name, phone } of members) {
          expect(perAddress[address]).toEqual({ role: 'member', limit, name, phone });
        }
      },
    ),
    { numRuns: 300, seed: 58 },
  );
});
