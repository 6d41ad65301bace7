/** What is shown as a usable invitation can be accepted, and what has ended says nothing. */
import type { OrgUserManager, Storage } from 'org-user-manager';
import { systemActor } from 'org-user-manager';
import { expect, test } from 'vitest';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const day = 24 * 60 * 60 * 1000;
const second = { userId: 'u_2' };
const call = { orgId, actor: admin };
const leaver = { ...call, ...second };
const unusable = { code: 'invitation_unusable', status: 410 };
const names = Array.from({ length: 20 }, (_, index) => `guest-${index}`);
const addressOf = (name: string) => `${name}@acme.example.com`;
const addresses = names.map(addressOf);
const roleOf = (address: string) =>
  addresses.indexOf(address) % 2 === 0 ? ('admin' as const) : ('member' as const);

async function invite(
  manager: OrgUserManager,
  address: string,
  { actor = admin, role }: { actor?: typeof admin; role?: 'admin' | 'member' } = {},
) {
  const result = await manager.invite({ orgId, actor, email: address, role });
  if (result.outcome !== 'invited') throw new Error(result.outcome);
  const { id, link } = result.invitation;
  return { id, token: tokenIn(link ?? '') };
}

/** A second admin who has 20 usable invitations to both roles, a mail waiting for each, and an old one. */
async function createLeaver(storage: Storage) {
  const team = await createTeam(storage, { pendingInvitationLimit: 20 });
  const { manager, mailer, clock, join } = team;
  await join(second.userId, 'admin');
  await invite(manager, addressOf('expired'), { actor: second, role: 'admin' });
  await manager.deliverMail();
  // Jumps: advancing would run background work, and count the days against its deadline.
  clock.set(clock.now() + 7 * day);
  mailer.sent.length = 0;
  mailer.failure = new Error('the relay is away');
  const results = await manager.inviteMany({
    orgId,
    actor: second,
    addresses,
    perAddress: Object.fromEntries(
      addresses.map((address) => [address, { role: roleOf(address) }]),
    ),
  });
  const tokens = results.map((result) =>
    tokenIn(('invitation' in result && result.invitation.link) || ''),
  );
  await manager.deliverMail();
  const list = (status: 'pending' | 'revoked' | 'expired') =>
    manager.listInvitations({ ...call, status, limit: 100 });
  /** Sends what waits for its second attempt. */
  async function deliverAgain() {
    mailer.failure = undefined;
    clock.set(clock.now() + 30_000);
    await manager.deliverMail();
  }
  return { ...team, tokens, list, deliverAgain };
}

describeEach(allStorages())('usable invitations on $name', ({ create }) => {
  test('disabling an admin revokes all of their usable invitations, and frees their addresses', async () => {
    const { manager, mailer, tokens, list, deliverAgain } = await createLeaver(create());
    expect((await list('pending')).total.count).toBe(20);
    expect(await manager.disable(leaver)).toEqual({
      revokedInvitations: 20,
      keptInvitations: 0,
    });
    expect((await list('pending')).total.count).toBe(0);
    const revoked = await list('revoked');
    expect(revoked.items.map(({ address }) => address).toSorted()).toEqual(addresses.toSorted());
    expect(revoked.items.every(({ link }) => link === null)).toBe(true);
    for (const [index, token] of tokens.entries()) {
      await expect(manager.previewInvitation({ token })).rejects.toMatchObject(unusable);
      const person = account(names[index] ?? '');
      await expect(manager.accept({ token, account: person })).rejects.toMatchObject(unusable);
    }
    await deliverAgain();
    expect(mailer.sent).toEqual([]);
    const states = (await list('revoked')).items.map(({ delivery }) => delivery.state);
    expect(new Set(states)).toEqual(new Set(['cancelled']));

    // The pending limit is free again, and so are the addresses.
    const again = await manager.inviteMany({ ...call, addresses });
    expect(again.map(({ outcome }) => outcome)).toEqual(names.map(() => 'invited'));
    const [first] = again;
    const token = tokenIn((first && 'invitation' in first && first.invitation.link) || '');
    expect(tokens).not.toContain(token);
    await manager.accept({ token, account: account('guest-0') });
  });

  test('with keepInvitations the actor answers for them, and each can be accepted', async () => {
    const { manager, mailer, tokens, list, deliverAgain } = await createLeaver(create());
    const reassigned: string[] = [];
    manager.on('invitation.reassigned', ({ actor, invitationId }) => {
      expect(actor).toBe(admin.userId);
      reassigned.push(invitationId);
    });
    expect(await manager.disable({ ...leaver, keepInvitations: true })).toEqual({
      revokedInvitations: 0,
      keptInvitations: 20,
    });
    const { items } = await list('pending');
    expect(items.map(({ invitedBy }) => invitedBy)).toEqual(names.map(() => admin.userId));
    expect(reassigned.toSorted()).toEqual(items.map(({ id }) => id).toSorted());
    expect((await list('revoked')).total.count).toBe(0);
    await deliverAgain();
    expect(mailer.sent.map(({ to }) => to).toSorted()).toEqual(addresses.toSorted());
    expect(mailer.sent.every(({ text }) => text.includes('First Admin'))).toBe(true);
    for (const [index, token] of tokens.entries()) {
      const name = names[index] ?? '';
      await manager.previewInvitation({ token });
      expect(await manager.accept({ token, account: account(name) })).toMatchObject({
        role: roleOf(addressOf(name)),
      });
    }
    expect(await manager.member({ ...call, userId: 'guest-0' })).toMatchObject({
      invitedBy: admin.userId,
    });
  });

  test('the system actor keeps invitations without an inviter', async () => {
    const { manager, tokens, list } = await createLeaver(create());
    const result = await manager.disable({
      ...leaver,
      actor: systemActor,
      keepInvitations: true,
    });
    expect(result).toEqual({ revokedInvitations: 0, keptInvitations: 20 });
    const { items } = await list('pending');
    expect(items.map(({ invitedBy }) => invitedBy)).toEqual(names.map(() => null));
    const [token = ''] = tokens;
    await manager.accept({ token, account: account('guest-0') });
  });

  test('expired invitations stay expired when their inviter is disabled', async () => {
    const { manager, list } = await createLeaver(create());
    await manager.disable(leaver);
    expect((await list('expired')).items).toMatchObject([
      { address: addressOf('expired'), link: null },
    ]);
    const renewed = await manager.invite({ ...call, email: addressOf('expired') });
    expect(renewed).toMatchObject({
      outcome: 'renewed',
      invitation: { invitedBy: admin.userId },
    });
    const token = tokenIn(('invitation' in renewed && renewed.invitation.link) || '');
    await manager.accept({ token, account: account('expired') });
  });

  test('disabling counts nothing where nothing is pending, or twice', async () => {
    const { manager, join, list } = await createLeaver(create());
    const nothing = { revokedInvitations: 0, keptInvitations: 0 };
    await manager.disable(leaver);
    const before = [await list('revoked'), await list('pending')];
    expect(await manager.disable(leaver)).toEqual(nothing);
    expect(await manager.disable({ ...leaver, keepInvitations: true })).toEqual(nothing);
    expect([await list('revoked'), await list('pending')]).toEqual(before);
    await join('u_3');
    expect(await manager.disable({ ...call, userId: 'u_3' })).toEqual(nothing);
  });

  test('an admin cannot keep invitations while disabling themselves', async () => {
    const { manager, list } = await createLeaver(create());
    const self = { orgId, actor: second, ...second };
    await expect(manager.disable({ ...self, keepInvitations: true })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { issues: [{ path: 'keepInvitations' }] },
    });
    expect((await list('pending')).total.count).toBe(20);
    expect(await manager.member(leaver)).toMatchObject({ status: 'active' });
    expect(await manager.disable({ ...self, keepInvitations: false })).toEqual({
      revokedInvitations: 20,
      keptInvitations: 0,
    });
  });

  test('a refused disabling leaves every invitation usable', async () => {
    const { manager, list, tokens } = await createLeaver(create());
    await manager.demote({ orgId, actor: second, userId: admin.userId });
    await expect(manager.disable({ orgId, actor: second, ...second })).rejects.toMatchObject({
      code: 'last_admin',
    });
    expect((await manager.listInvitations({ orgId, actor: second, limit: 100 })).total.count).toBe(
      20,
    );
    const [token = ''] = tokens;
    await manager.accept({ token, account: account('guest-0') });
    await expect(list('pending')).rejects.toMatchObject({ code: 'not_an_admin' });
  });

  test('demoting an admin revokes their invitations to the admin role, and no other', async () => {
    const { manager, tokens, list } = await createLeaver(create());
    await manager.demote(leaver);
    const [pending, revoked] = [await list('pending'), await list('revoked')];
    expect(pending.items.map(({ role }) => role)).toEqual(Array(10).fill('member'));
    expect(revoked.items.map(({ role }) => role)).toEqual(Array(10).fill('admin'));
    expect((await list('expired')).total.count).toBe(1);
    for (const [index, token] of tokens.entries()) {
      const name = names[index] ?? '';
      const accepting = manager.accept({ token, account: account(name) });
      if (roleOf(addressOf(name)) === 'admin') {
        await expect(accepting).rejects.toMatchObject(unusable);
      } else await accepting;
    }
  });

  test('what the storage says behind the manager about an inviter is looked at again', async () => {
    const { manager, storage, mailer, tokens, deliverAgain } = await createLeaver(create());
    const change = (to: { status: 'disabled'; disabledAt: number } | { role: 'member' }) =>
      storage.transaction(orgId, async (tx) => {
        const { members } = await tx.load({ orgId, userIds: [second.userId] });
        const [from] = members;
        if (!from) throw new Error('the second admin is there');
        expect(await tx.updateMember(from, { ...from, ...to })).toBe('updated');
      });
    const refuses = async (index: number) => {
      const token = tokens[index] ?? '';
      await expect(manager.previewInvitation({ token })).rejects.toMatchObject(unusable);
      const person = account(names[index] ?? '');
      await expect(manager.accept({ token, account: person })).rejects.toMatchObject(unusable);
    };
    await change({ role: 'member' });
    await refuses(0);
    const [, asMember = ''] = tokens;
    await manager.previewInvitation({ token: asMember });
    await manager.accept({ token: asMember, account: account('guest-1') });
    await change({ status: 'disabled', disabledAt: 1 });
    await refuses(3);
    await deliverAgain();
    expect(mailer.sent).toEqual([]);
  });

  test('a link that has ended says what an unknown one says, to every account', async () => {
    const { manager, clock, join } = await createTeam(create());
    await join('u_2', 'admin');
    const issue = (name: string, actor = admin) => invite(manager, addressOf(name), { actor });
    const expired = await issue('expired');
    clock.advance(7 * day);
    const [revoked, declined, accepted, replaced, orphaned] = [
      await issue('revoked'),
      await issue('declined'),
      await issue('accepted'),
      await issue('replaced'),
      await issue('orphaned', second),
    ];
    await manager.revoke({ ...call, invitationId: revoked.id });
    await manager.decline({ token: declined.token, account: account('declined') });
    const joiner = account('accepted');
    const membership = await manager.accept({ token: accepted.token, account: joiner });
    clock.advance(60_000);
    await manager.resend({ ...call, invitationId: replaced.id, rotate: true });
    await manager.disable(leaver);

    const say = async (
      verb: 'accept' | 'decline',
      token: string,
      person: ReturnType<typeof account>,
    ) =>
      manager[verb]({ token, account: person }).then(
        () => 'done',
        ({ code, status, message, details }) => ({ code, status, message, details }),
      );
    const tokens = { expired, revoked, declined, accepted, replaced, orphaned };
    for (const verb of ['accept', 'decline'] as const) {
      const unknown = await say(verb, `oum_${'A'.repeat(60)}`, account('u_9'));
      expect(unknown).toMatchObject({ code: 'invitation_unusable', details: {} });
      for (const [name, { token }] of Object.entries(tokens)) {
        const holders = [
          account('u_9'),
          account('u_9', addressOf(name)),
          { ...account('u_9'), emailVerified: false },
          { ...account('u_9', addressOf(name)), emailVerified: false },
          account('u_2', addressOf(name)),
          account('u_admin', 'admin@acme.example.com'),
        ];
        for (const holder of holders) {
          expect([verb, name, holder, await say(verb, token, holder)]).toEqual([
            ...[verb, name, holder, unknown],
          ]);
        }
      }
    }
    // Who accepted and repeats gets the first answer, to accepting alone.
    expect(await manager.accept({ token: accepted.token, account: joiner })).toEqual(membership);
    await expect(manager.decline({ token: accepted.token, account: joiner })).rejects.toMatchObject(
      unusable,
    );
    await manager.disable({ ...call, userId: joiner.userId });
    await expect(manager.accept({ token: accepted.token, account: joiner })).rejects.toMatchObject({
      code: 'member_disabled',
    });
  });

  test('a disabled member declines nothing', async () => {
    const { manager, join } = await createTeam(create());
    await join('u_3');
    const other = await invite(manager, addressOf('other'));
    await manager.disable({ ...call, userId: 'u_3' });
    const person = account('u_3', addressOf('other'));
    await expect(manager.decline({ token: other.token, account: person })).rejects.toMatchObject({
      code: 'member_disabled',
    });
    expect((await manager.listInvitations(call)).total.count).toBe(1);
    await manager.decline({ token: other.token, account: account('other') });
  });

  test('resending an expired invitation at the pending limit is refused', async () => {
    const { manager, clock } = await createTeam(create(), { pendingInvitationLimit: 2 });
    const old = await invite(manager, addressOf('old'));
    clock.advance(7 * day);
    const [first] = [await invite(manager, addressOf('a')), await invite(manager, addressOf('b'))];
    const resending = { ...call, invitationId: old.id };
    await expect(manager.resend(resending)).rejects.toMatchObject({
      code: 'pending_limit_reached',
      details: { limit: 2 },
    });
    expect((await manager.listInvitations({ ...call, status: 'expired' })).total.count).toBe(1);
    // One that is pending already takes no further place.
    clock.advance(60_000);
    await manager.resend({ ...call, invitationId: first.id });
    await manager.revoke({ ...call, invitationId: first.id });
    expect(await manager.resend(resending)).toMatchObject({ status: 'pending', sendCount: 2 });
  });
});
