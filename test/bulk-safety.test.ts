/** Bulk invitations invite whom the admin was shown, once, and no more than there is room for. */
import { expect, test } from 'vitest';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const call = { orgId, actor: admin };
const at = (...names: readonly string[]) => names.map((name) => `${name}@acme.example.com`);
const outcomesOf = (results: readonly { readonly outcome: string }[]) =>
  results.map(({ outcome }) => outcome);

describeEach(allStorages())('bulk invitations on $name', ({ create }) => {
  test('a plan invites what was shown, and nothing that was not', async () => {
    const { manager, clock, join } = await createTeam(create());
    const text = 'p1@acme.example.com, Pat <p2@acme.example.com>, notes@2024.md, a@b@c.example.com';
    const report = await manager.bulkExtract({ ...call, text });
    expect(report).toMatchObject({
      totals: { ok: 2, review: 1, rejected: 1, duplicate: 0 },
      ready: at('p1', 'p2'),
      review: ['notes@2024.md'],
    });
    const { planId } = report;
    const narrowed = await manager.inviteMany({ ...call, planId, addresses: ['notes@2024.md'] });
    expect(outcomesOf(narrowed)).toEqual(['invited']);
    const stranger = manager.inviteMany({ ...call, planId, addresses: at('p1', 'p9') });
    await expect(stranger).rejects.toMatchObject({
      code: 'invalid_input',
      details: { issues: [{ path: 'addresses.1', message: 'is not in the plan' }] },
    });
    await join('p1');
    const results = await manager.inviteMany({ ...call, planId });
    expect(results).toMatchObject([
      { outcome: 'already_member', address: 'p1@acme.example.com' },
      { outcome: 'invited', address: 'p2@acme.example.com' },
    ]);
    clock.advance(24 * 3_600_000 - 1);
    expect(outcomesOf(await manager.inviteMany({ ...call, planId }))).toContain('already_invited');
    clock.advance(1);
    await expect(manager.inviteMany({ ...call, planId })).rejects.toMatchObject({
      code: 'invalid_plan',
    });
  });

  test('a plan invites an address to review only when the call lists it', async () => {
    const { manager } = await createTeam(create());
    const lookAlike = '\u0430na@acme.example.com';
    const text = [...at('p1'), 'notes@2024.md', lookAlike, 'NOTES@2024.md', 'a@b@c.example.com'];
    const report = await manager.bulkExtract({ ...call, text: text.join(' ') });
    expect(report).toMatchObject({ ready: at('p1'), review: ['notes@2024.md', lookAlike] });
    const planned = { ...call, planId: report.planId };
    const refusals: readonly [Partial<Parameters<typeof manager.inviteMany>[0]>, string][] = [
      [{ addresses: [...at('p1'), 'eve@acme.example.com'] }, 'addresses.1'],
      [{ addresses: ['eve@acme.example.com', 'notes@2024.md'] }, 'addresses.0'],
      [{ addresses: ['ana@acme.example.com'] }, 'addresses.0'],
      [{ addresses: ['a@b@c.example.com'] }, 'addresses.0'],
      [{ perAddress: { 'notes@2024.md': { role: 'admin' } } }, 'perAddress.0'],
      [{ perAddress: { [lookAlike]: {} }, addresses: at('p1') }, 'perAddress.0'],
    ];
    for (const [input, path] of refusals) {
      await expect(manager.inviteMany({ ...planned, ...input })).rejects.toMatchObject({
        ...{ code: 'invalid_input', details: { issues: [{ path }] } },
      });
    }
    expect(await manager.inviteMany({ ...planned, addresses: [] })).toEqual([]);
    const { items } = await manager.listInvitations(call);
    expect(items).toEqual([]);
    expect(await manager.inviteMany(planned)).toMatchObject([
      { outcome: 'invited', address: 'p1@acme.example.com' },
    ]);
    const listed = await manager.inviteMany({ ...planned, addresses: ['Notes@2024.MD'] });
    expect(listed).toMatchObject([{ outcome: 'invited', address: 'notes@2024.md' }]);
  });

  test('a plan is worth nothing to anybody else, or when it was changed', async () => {
    const { manager, join } = await createTeam(create());
    const other = await join('u_1', 'admin');
    const { planId } = await manager.bulkExtract({ ...call, text: at('p1').join() });
    const [content = '', mac = ''] = planId.split('.');
    const forged = Buffer.from(content, 'base64url').toString().replace('p1@', 'p9@');
    const tries: readonly [typeof call, string][] = [
      [{ orgId, actor: other }, planId],
      [{ ...call, orgId: 'globex' }, planId],
      [call, `${Buffer.from(forged).toString('base64url')}.${mac}`],
      [call, `${content}.${'A'.repeat(43)}`],
      [call, `${planId}.x`],
      [call, content],
      [call, ''],
    ];
    for (const [by, id] of tries) {
      await expect(manager.inviteMany({ ...by, planId: id })).rejects.toMatchObject({
        code: 'invalid_plan',
      });
    }
    expect((await manager.listInvitations(call)).total.count).toBe(0);
  });

  test('the dry run and the call agree on what there is room for', async () => {
    const { manager, clock, join } = await createTeam(create(), { pendingInvitationLimit: 3 });
    await manager.inviteMany({ ...call, addresses: at('old') });
    clock.advance(7 * 24 * 3_600_000);
    await join('u_1');
    await manager.inviteMany({ ...call, addresses: at('kept') });
    const addresses = at('kept', 'p1', 'u_1', 'old', 'p2');
    const { entries, ready } = await manager.bulkExtract({ ...call, text: addresses.join(' ') });
    expect(entries.map(({ standing }) => standing)).toEqual([
      'already_invited',
      'ready',
      'already_member',
      'expired_invitation',
      'pending_limit_reached',
    ]);
    expect(ready).toEqual(at('p1', 'old'));
    const results = await manager.inviteMany({ ...call, addresses });
    expect(results).toMatchObject([
      { outcome: 'already_invited' },
      { outcome: 'invited' },
      { outcome: 'already_member' },
      { outcome: 'renewed', invitation: { sendCount: 2 } },
      { outcome: 'pending_limit_reached', limit: 3 },
    ]);
    expect((await manager.listInvitations(call)).total.count).toBe(3);
  });

  test('no more people are invited than there are seats for', async () => {
    const storage = create();
    const { manager } = await createTeam(storage);
    const seated = { orgId: 'globex', actor: admin };
    const founder = { userId: admin.userId, email: 'admin@globex.example.com' };
    await manager.createOrganization({
      ...{ orgId: 'globex', name: 'Globex', admin: founder, memberLimit: 3 },
    });
    const { entries } = await manager.bulkExtract({ ...seated, text: at('a', 'b', 'c').join() });
    expect(entries.map(({ standing }) => standing)).toEqual([
      ...['ready', 'ready', 'member_limit_reached'],
    ]);
    const results = await manager.inviteMany({ ...seated, addresses: at('a', 'b', 'c') });
    expect(results[2]).toEqual({
      ...{ outcome: 'member_limit_reached', address: 'c@acme.example.com', limit: 3 },
    });
    for (const [index, result] of results.slice(0, 2).entries()) {
      if (result.outcome !== 'invited') throw new Error(result.outcome);
      const token = tokenIn(result.invitation.link ?? '');
      await manager.accept({ token, account: account(`u_${index}`, result.address) });
    }
    expect(await manager.invite({ ...seated, email: 'd@acme.example.com' })).toMatchObject({
      outcome: 'member_limit_reached',
    });
  });

  test('the same call with the same key is answered as the first time', async () => {
    const { manager, mailer, clock, join } = await createTeam(create());
    await join('u_1');
    const input = {
      ...{ ...call, addresses: [...at('p1', 'u_1'), 'nobody', ...at('P1', 'p2')] },
      idempotencyKey: 'import-1',
    };
    const first = await manager.inviteMany(input);
    expect(outcomesOf(first)).toEqual([
      ...['invited', 'already_member', 'invalid_address', 'duplicate', 'invited'],
    ]);
    await manager.deliverMail();
    const sent = mailer.sent.length;
    clock.advance(3_600_000);
    const again = await manager.inviteMany(input);
    expect(outcomesOf(again)).toEqual(outcomesOf(first));
    // As they stand by now: their mails have left.
    expect(again[0]).toMatchObject({ invitation: { sendCount: 1, delivery: { state: 'sent' } } });
    await manager.deliverMail();
    expect(mailer.sent).toHaveLength(sent);
    for (const change of [
      { addresses: at('p1') },
      { role: 'admin' as const },
      { limit: { daily: 1 } },
      { perAddress: { 'p1@acme.example.com': { name: 'Pat' } } },
    ]) {
      await expect(manager.inviteMany({ ...input, ...change })).rejects.toMatchObject({
        code: 'idempotency_key_reused',
      });
    }
    // Another actor's key is another key.
    const other = await join('u_2', 'admin');
    const theirs = await manager.inviteMany({ ...input, actor: other });
    expect(outcomesOf(theirs)[0]).toBe('already_invited');
    clock.advance(24 * 3_600_000);
    expect(outcomesOf(await manager.inviteMany(input))[0]).toBe('already_invited');
  });

  test('a repeated call with a key gives each refusal again, and what it names', async () => {
    const { manager, join } = await createTeam(create(), { pendingInvitationLimit: 1 });
    await join('u_1');
    await join('u_2');
    await manager.disable({ ...call, userId: 'u_2' });
    await manager.setInvitePolicy({ ...call, blockedDomains: ['blocked.example.com'] });
    const input = {
      ...{ ...call, addresses: [...at('p1', 'u_1', 'u_2'), 'a@blocked.example.com', ...at('p2')] },
      idempotencyKey: 'import-1',
    };
    const first = await manager.inviteMany(input);
    expect(first.slice(1)).toEqual([
      { outcome: 'already_member', address: 'u_1@acme.example.com', userId: 'u_1' },
      { outcome: 'member_disabled', address: 'u_2@acme.example.com', userId: 'u_2' },
      { outcome: 'domain_not_allowed', address: 'a@blocked.example.com' },
      { outcome: 'pending_limit_reached', address: 'p2@acme.example.com', limit: 1 },
    ]);
    await manager.deliverMail();
    const again = await manager.inviteMany(input);
    expect(again[0]).toMatchObject({ outcome: 'invited', address: 'p1@acme.example.com' });
    expect(again.slice(1)).toEqual(first.slice(1));
    expect(await manager.inviteMany(input)).toEqual(again);
  });

  test('a repeated call with a key repeats that there was no seat', async () => {
    const { manager } = await createTeam(create());
    const seated = { orgId: 'globex', actor: admin };
    const founder = { userId: admin.userId, email: 'admin@globex.example.com' };
    await manager.createOrganization({
      ...{ orgId: 'globex', name: 'Globex', admin: founder, memberLimit: 2 },
    });
    const input = { ...seated, addresses: at('a', 'b', 'c'), idempotencyKey: 'k' };
    const first = await manager.inviteMany(input);
    expect(outcomesOf(first)).toEqual([
      ...['invited', 'member_limit_reached', 'member_limit_reached'],
    ]);
    await manager.deliverMail();
    const again = await manager.inviteMany(input);
    expect(outcomesOf(again)).toEqual(outcomesOf(first));
    expect(again.slice(1)).toEqual(first.slice(1));
  });

  test('a renewed invitation keeps what it promised, unless the call says otherwise', async () => {
    const { manager, clock } = await createTeam(create());
    const promised = { role: 'admin', limit: { daily: 5, monthly: null }, name: 'Rae' } as const;
    await manager.invite({
      ...call,
      email: 'rae@acme.example.com',
      ...promised,
      phone: '+14155550123',
    });
    clock.advance(7 * 24 * 3_600_000);
    const { planId, entries } = await manager.bulkExtract({ ...call, text: at('rae').join() });
    expect(entries[0]).toMatchObject({ standing: 'expired_invitation', invitation: promised });
    const results = await manager.inviteMany({ ...call, planId, limit: { monthly: 50 } });
    const kept = { ...promised, limit: { daily: 5, monthly: 50 }, phone: '+14155550123' };
    expect(results).toMatchObject([{ outcome: 'renewed', invitation: kept }]);
  });

  test('terms for one address come once, and for an address that is there', async () => {
    const { manager } = await createTeam(create());
    const refusal = (perAddress: object) =>
      Reflect.apply(manager.inviteMany, manager, [{ ...call, addresses: at('b'), perAddress }]);
    const twice = { 'b@acme.example.com': {}, 'B@acme.example.com': { role: 'admin' } };
    const wrong: readonly [object, string][] = [
      [twice, 'perAddress.1'],
      [{ 'b@acme.example.com': {}, 'c@acme.example.com': {} }, 'perAddress.1'],
      [JSON.parse('{"__proto__":{"role":"admin"}}'), 'perAddress.0'],
      [{ 'b@acme.example.com': { role: 'owner' } }, 'perAddress.0.role'],
      [{ 'b@acme.example.com': { 'x@acme.example.com': 1 } }, 'perAddress.0'],
      [new Map([['b@acme.example.com', { role: 'admin' }]]), 'perAddress'],
      [[{ role: 'admin' }], 'perAddress'],
    ];
    for (const [perAddress, path] of wrong) {
      await expect(refusal(perAddress)).rejects.toMatchObject({
        code: 'invalid_input',
        details: { issues: [{ path }] },
      });
    }
    expect((await manager.listInvitations(call)).total.count).toBe(0);
  });

  test('the answer to a plan is given again when the plan is old', async () => {
    const { manager, clock } = await createTeam(create());
    const { planId } = await manager.bulkExtract({ ...call, text: at('p1').join() });
    const hours = (count: number) => clock.advance(count * 3_600_000);
    hours(23);
    const input = { ...call, planId, idempotencyKey: 'k' };
    await manager.inviteMany(input);
    hours(2);
    expect(outcomesOf(await manager.inviteMany(input))).toEqual(['invited']);
    const another = manager.inviteMany({ ...input, idempotencyKey: 'another' });
    await expect(another).rejects.toMatchObject({ code: 'invalid_plan' });
  });

  test('a text is read as far as the limit goes, however high that is', async () => {
    const { manager } = await createTeam(create(), { bulkTextLimit: 4 * 2 ** 20 });
    const text = `${'x '.repeat(700_000)} late@acme.example.com`;
    const { ready, truncated } = await manager.bulkExtract({ ...call, text });
    expect({ ready, truncated }).toEqual({ ready: at('late'), truncated: false });
  });

  test('whoever is no admin any more gets no kept answer', async () => {
    const { manager, join } = await createTeam(create());
    const other = await join('u_1', 'admin');
    const input = { orgId, actor: other, addresses: at('p1'), idempotencyKey: 'k' };
    await manager.inviteMany(input);
    await manager.demote({ ...call, userId: 'u_1' });
    await expect(manager.inviteMany(input)).rejects.toMatchObject({ code: 'not_an_admin' });
  });
});
