import { fakeClock } from 'org-user-manager/testing';
import { expect, test } from 'vitest';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const paste = `Hi, please add "Lee, Robin" <Robin@acme.example.com>; u_1@acme.example.com,
u_2@acme.example.com and pending@acme.example.com. Also robin@ACME.example.com,
a..b@acme.example.com (call +44 7400 123456, see https://acme.example.com/020-7946-0018).`;

describeEach(allStorages())('bulk invitations on $name', ({ create }) => {
  test('bulkExtract says what inviting each entry would meet, and writes nothing', async () => {
    const { manager, join } = await createTeam(create());
    await join('u_1');
    await join('u_2');
    await manager.disable({ orgId, actor: admin, userId: 'u_2' });
    await manager.invite({ orgId, actor: admin, email: 'pending@acme.example.com' });
    const report = await manager.bulkExtract({ orgId, actor: admin, text: paste });
    expect(report.entries.map(({ raw, verdict, standing }) => [raw, verdict, standing])).toEqual([
      [expect.stringContaining('Robin@acme.example.com'), 'ok', 'ready'],
      ['u_1@acme.example.com', 'ok', 'already_member'],
      ['u_2@acme.example.com', 'ok', 'member_disabled'],
      ['pending@acme.example.com', 'ok', 'already_invited'],
      ['robin@ACME.example.com', 'duplicate', null],
      ['a..b@acme.example.com', 'rejected', null],
    ]);
    expect(report).toMatchObject({ ready: ['robin@acme.example.com'], phones: [] });
    expect((await manager.listInvitations({ orgId, actor: admin })).total.count).toBe(1);
  });

  test('phone numbers are collected when asked for, but not out of URLs', async () => {
    const { manager } = await createTeam(create());
    const call = { orgId, actor: admin, text: paste };
    const report = await manager.bulkExtract({ ...call, phones: { defaultCountry: 'GB' } });
    expect(report.phones).toEqual([
      { number: '+447400123456', index: paste.indexOf('+44'), length: 15 },
    ]);
    await expect(
      manager.bulkExtract({ ...call, phones: { defaultCountry: 'XX' } }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('inviteMany answers for every entry, in order', async () => {
    const { manager, mailer, join } = await createTeam(create());
    await join('u_1');
    await manager.deliverMail();
    const before = mailer.sent.length;
    const results = await manager.inviteMany({
      orgId,
      actor: admin,
      addresses: [
        'one@acme.example.com',
        'u_1@acme.example.com',
        'not an address',
        'ONE@acme.example.com',
        'two@acme.example.com',
      ],
    });
    expect(results).toMatchObject([
      { outcome: 'invited', address: 'one@acme.example.com' },
      { outcome: 'already_member', userId: 'u_1' },
      { outcome: 'invalid_address', input: 'not an address' },
      { outcome: 'duplicate', address: 'one@acme.example.com' },
      { outcome: 'invited', address: 'two@acme.example.com' },
    ]);
    await manager.deliverMail();
    expect(
      mailer.sent
        .slice(before)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(['one@acme.example.com', 'two@acme.example.com']);
  });

  test('those of one call have one date, however long it takes', async () => {
    let looks = 0;
    const clock = { ...fakeClock(), now: () => 1_800_000_000_000 + looks++ };
    const { manager } = await createTeam(create(), { clock });
    const addresses = ['one@acme.example.com', 'two@acme.example.com', 'three@acme.example.com'];
    await manager.inviteMany({ orgId, actor: admin, addresses });
    const { items } = await manager.listInvitations({ orgId, actor: admin });
    expect(items.length).toBe(3);
    expect(new Set(items.map(({ createdAt }) => createdAt.getTime())).size).toBe(1);
  });

  test('those of one call are listed in their order', async () => {
    const { manager } = await createTeam(create());
    const addresses = Array.from({ length: 60 }, (_, index) => `p${index}@acme.example.com`);
    await manager.inviteMany({ orgId, actor: admin, addresses });
    const view = { orgId, actor: admin, order: 'asc', limit: 100 } as const;
    const { items } = await manager.listInvitations(view);
    expect(items.map(({ address }) => address)).toEqual(addresses);
  });

  test('500 addresses are one call, 501 and too much text are refused before any work', async () => {
    const { manager } = await createTeam(create());
    const addresses = Array.from({ length: 501 }, (_, index) => `p${index}@acme.example.com`);
    const call = { orgId, actor: admin };
    await expect(manager.inviteMany({ ...call, addresses })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { issues: [{ path: 'addresses' }] },
    });
    await expect(manager.bulkExtract({ ...call, text: 'x'.repeat(262_145) })).rejects.toMatchObject(
      { code: 'invalid_input', details: { issues: [{ path: 'text' }] } },
    );
    const results = await manager.inviteMany({ ...call, addresses: addresses.slice(1) });
    expect(results.every(({ outcome }) => outcome === 'invited')).toBe(true);
    expect((await manager.listInvitations(call)).total.count).toBe(500);
  });
});
