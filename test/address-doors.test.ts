/** An address is the same one through every door, and another one nowhere. */
import { readInviteesCsv } from 'org-user-manager/csv';
import { ianaTlds } from 'org-user-manager/extract';
import { createHandler } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const call = { orgId, actor: admin };

// Each row is one address: how it is stored, and how it may be spelled.
const twins: readonly (readonly [string, ...string[]])[] = [
  [
    'ana@example.com',
    'ANA@Example.COM',
    ' ana@example.com\n',
    'ａｎａ＠example．com',
    '\u200Bana@example.com\uFEFF',
  ],
  [
    'josé@example.com',
    'jose\u0301@example.com',
    'JOSE\u0301@EXAMPLE.com',
    '\u2068José@example.com\u2069',
  ],
  [
    'ana@xn--bcher-kva.example.com',
    'ana@bücher.example.com',
    'Ana@BU\u0308CHER.example.com',
    'ana@XN--BCHER-KVA.example.com',
  ],
  ['å@example.com', '\u212B@example.com', 'Å@example.com'],
];

// Each is somebody else, whatever a collation or a folding of the database thinks.
const others = 'muller müller strasse straße a ä \u0430 ss ß i ı e é x_x xyx x%x n ñ ae æ カ か ガ'
  .split(' ')
  .map((localPart) => `${localPart}@example.net`);

describeEach(allStorages())('on $name', ({ create }) => {
  test.each(twins)('%s is one person in every spelling', async (stored, ...spellings) => {
    const { manager, mailer } = await createTeam(create());
    const handler = createHandler(manager, {
      identify: () => ({ ...account(admin.userId), orgId }),
    });
    const post = async (path: string, body: object) => {
      const request = new Request(`${manager.settings.baseUrl}/api/invitations/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await handler(request)).json();
    };
    const first = await manager.invite({ ...call, email: spellings[0] ?? stored });
    if (first.outcome !== 'invited') throw new Error(first.outcome);
    expect(first.address).toBe(stored);
    const known = [{ outcome: 'already_invited', address: stored }];
    for (const spelling of [stored, ...spellings]) {
      expect([await manager.invite({ ...call, email: spelling })]).toMatchObject(known);
      const many = { addresses: [spelling], perAddress: { [spelling]: { name: 'Ana' } } };
      expect(await manager.inviteMany({ ...call, ...many })).toMatchObject(known);
      expect(await post('invite-many', many)).toMatchObject(known);
      expect(await post('invite', { email: spelling })).toMatchObject({ code: 'already_invited' });
      const { ready: inFile } = readInviteesCsv(`email\n"${spelling}"\n`);
      expect(inFile).toEqual([stored]);
      const { entries } = await manager.bulkExtract({ ...call, text: spelling });
      expect(entries).toMatchObject([{ key: stored, standing: 'already_invited' }]);
    }
    await manager.deliverMail();
    expect(mailer.sent.map(({ to }) => to)).toEqual([stored]);
    const token = tokenIn(first.invitation.link ?? '');
    const signedIn = account('u_1', spellings.at(-1));
    expect(await manager.accept({ token, account: signedIn })).toMatchObject({ userId: 'u_1' });
    const { items } = await manager.listMembers({ ...call, search: stored });
    expect(items.map(({ address }) => address)).toEqual([stored]);
  });

  test('people whose addresses only look alike stay apart', async () => {
    const { manager } = await createTeam(create());
    const results = await manager.inviteMany({ ...call, addresses: others });
    expect(results.map(({ outcome }) => outcome)).toEqual(others.map(() => 'invited'));
    const { items } = await manager.listInvitations({ ...call, limit: 200 });
    expect(items.map(({ address }) => address).toSorted()).toEqual(others.toSorted());
    const links = new Map(items.map(({ address, link }) => [address, link]));
    for (const [invited, signedIn] of [
      ['müller@example.net', 'muller@example.net'],
      ['straße@example.net', 'strasse@example.net'],
      ['ı@example.net', 'I@example.net'],
    ] as const) {
      const token = tokenIn(links.get(invited) ?? '');
      const attempt = manager.accept({ token, account: account('u_9', signedIn) });
      await expect(attempt).rejects.toMatchObject({ code: 'wrong_account' });
    }
  });
});

describe.each([
  [[...ianaTlds(), 'internal'], 'ana@corp.internal', 'ana@corp.test'],
  [new Set(['com', 'internal']), 'ana@corp.internal', 'ana@example.org'],
  ['any', 'ana@corp.internal', 'ana@corp.123'],
  ['iana', 'ana@example.org', 'ana@corp.internal'],
] as const)('with the top-level domains %#', (tlds, good, bad) => {
  test('every door asks the same list', async () => {
    const { manager } = await createTeam(memoryStorage(), { tlds });
    const { ready: inFile } = readInviteesCsv(`email\n${bad}\n${good}\n`, { tlds });
    expect(inFile).toEqual([good]);
    const { ready, totals, planId } = await manager.bulkExtract({
      ...call,
      text: `${good} ${bad}`,
    });
    expect([ready, totals.rejected]).toEqual([[good], 1]);
    expect(await manager.inviteMany({ ...call, planId })).toMatchObject([{ outcome: 'invited' }]);
    expect(await manager.inviteMany({ ...call, addresses: [bad, good] })).toMatchObject([
      { outcome: 'invalid_address', input: bad },
      { outcome: 'already_invited' },
    ]);
    expect(await manager.invite({ ...call, email: good })).toMatchObject({
      outcome: 'already_invited',
    });
    await expect(manager.invite({ ...call, email: bad })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { issues: [{ path: 'email' }] },
    });
    const domainOf = (address: string) => address.slice(address.indexOf('@') + 1);
    const allow = (address: string) =>
      manager.setInvitePolicy({ ...call, allowedDomains: [domainOf(address)] });
    expect((await allow(good)).allowedDomains).toEqual([domainOf(good)]);
    await expect(allow(bad)).rejects.toMatchObject({
      code: 'invalid_input',
      details: { issues: [{ path: 'allowedDomains.0' }] },
    });
    const { items } = await manager.listInvitations(call);
    const token = tokenIn(items[0]?.link ?? '');
    expect(await manager.accept({ token, account: account('u_1', good) })).toMatchObject({
      userId: 'u_1',
    });
  });
});
