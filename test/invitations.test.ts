import { type Storage, systemActor } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const day = 24 * 60 * 60 * 1000;
const email = 'new@acme.example.com';

describeEach(allStorages())('invitations on $name', ({ create }) => {
  test('an invitation is mailed, shown with its link, accepted once', async () => {
    const { manager, mailer } = await createTeam(create());
    const result = await manager.invite({ orgId, actor: admin, email: 'New@Acme.Example.com' });
    if (result.outcome !== 'invited') throw new Error(result.outcome);
    expect(result.invitation).toMatchObject({ address: email, role: 'member', status: 'pending' });

    await manager.deliverMail();
    expect(mailer.sent).toHaveLength(1);
    expect(mailer.sent[0]).toMatchObject({ to: email });
    expect(mailer.sent[0]?.text).toContain(result.invitation.link);

    const { items, total } = await manager.listInvitations({ orgId, actor: admin });
    expect(total).toEqual({ count: 1, exact: true });
    expect(items[0]).toEqual({
      ...result.invitation,
      delivery: { state: 'sent', attempts: 1, lastError: null },
    });

    const token = tokenIn(mailer.sent[0]?.text ?? '');
    expect(await manager.previewInvitation({ token })).toEqual({
      organizationName: 'Acme',
      role: 'member',
      maskedAddress: 'n•••@acme.example.com',
      expiresAt: result.invitation.expiresAt,
    });
    const person = account('u_new', email);
    const accepted = { orgId, userId: 'u_new', role: 'member' };
    expect(await manager.accept({ token, account: person })).toEqual(accepted);
    expect(await manager.accept({ token, account: person })).toEqual(accepted);
    expect(await manager.member({ orgId, actor: admin, userId: 'u_new' })).toMatchObject({
      address: email,
      role: 'member',
      status: 'active',
      invitedBy: admin.userId,
      limit: { daily: null, monthly: null },
    });
    expect((await manager.listInvitations({ orgId, actor: admin })).total.count).toBe(0);
    await expect(manager.previewInvitation({ token })).rejects.toMatchObject({
      code: 'invitation_unusable',
    });
  });

  test('a pending address, a member and a disabled member are answers, and write nothing', async () => {
    const { manager, join, clock } = await createTeam(create());
    const first = await manager.invite({ orgId, actor: admin, email });
    clock.advance(1000);
    const again = await manager.invite({ orgId, actor: admin, email: 'NEW@acme.example.com' });
    expect(again).toMatchObject({ outcome: 'already_invited' });
    expect('invitation' in again && again.invitation.id).toBe(
      'invitation' in first && first.invitation.id,
    );
    await join('u_2');
    await join('u_3');
    await manager.disable({ orgId, actor: admin, userId: 'u_3' });
    expect(
      await manager.invite({ orgId, actor: admin, email: 'u_2@acme.example.com' }),
    ).toMatchObject({ outcome: 'already_member', userId: 'u_2' });
    expect(
      await manager.invite({ orgId, actor: admin, email: 'u_3@acme.example.com' }),
    ).toMatchObject({ outcome: 'member_disabled', userId: 'u_3' });
    expect((await manager.listInvitations({ orgId, actor: admin })).total.count).toBe(1);
  });

  test('only the invited, verified account may use it; the wrong one spoils nothing', async () => {
    const { manager } = await createTeam(create());
    const invited = await manager.invite({ orgId, actor: admin, email });
    const token = tokenIn('invitation' in invited ? (invited.invitation.link ?? '') : '');
    const wrong = account('u_x', 'else@acme.example.com');
    const unverified = { ...account('u_new', email), emailVerified: false };
    for (const use of [manager.accept.bind(manager), manager.decline.bind(manager)]) {
      await expect(use({ token, account: wrong })).rejects.toMatchObject({
        code: 'wrong_account',
        details: { expectedAddress: 'n•••@acme.example.com' },
      });
      await expect(use({ token, account: unverified })).rejects.toMatchObject({
        code: 'email_not_verified',
      });
    }
    expect((await manager.listInvitations({ orgId, actor: admin })).total.count).toBe(1);
    await manager.accept({ token, account: account('u_new', email) });
  });

  test('expired from its last instant on; inviting or resending renews it in place', async () => {
    const { manager, clock } = await createTeam(create());
    const invited = await manager.invite({ orgId, actor: admin, email });
    if (invited.outcome !== 'invited') throw new Error(invited.outcome);
    const token = tokenIn(invited.invitation.link ?? '');
    clock.advance(7 * day - 1);
    await manager.previewInvitation({ token });
    clock.advance(1);
    const refused = { code: 'invitation_unusable' };
    await expect(manager.previewInvitation({ token })).rejects.toMatchObject(refused);
    const person = account('u_new', email);
    await expect(manager.accept({ token, account: person })).rejects.toMatchObject(refused);
    expect((await manager.listInvitations({ orgId, actor: admin })).total.count).toBe(0);
    const expired = await manager.listInvitations({ orgId, actor: admin, status: 'expired' });
    expect(expired.items).toMatchObject([{ status: 'expired', link: null }]);

    const renewed = await manager.invite({ orgId, actor: admin, email, role: 'admin' });
    expect(renewed).toMatchObject({
      outcome: 'renewed',
      invitation: { id: invited.invitation.id, role: 'admin', sendCount: 2 },
    });
    clock.advance(7 * day);
    const resent = await manager.resend({
      orgId,
      actor: admin,
      invitationId: invited.invitation.id,
      role: 'member',
    });
    expect(resent).toMatchObject({ status: 'pending', role: 'member', sendCount: 3 });
    expect(resent.link).toBe(invited.invitation.link);
    await manager.accept({ token, account: person });
  });

  test('resend waits for its cooldown, keeps the link, or rotates it', async () => {
    const { manager, mailer, clock } = await createTeam(create());
    const invited = await manager.invite({ orgId, actor: admin, email });
    if (invited.outcome !== 'invited') throw new Error(invited.outcome);
    await manager.deliverMail();
    const call = { orgId, actor: admin, invitationId: invited.invitation.id };
    await expect(manager.resend(call)).rejects.toMatchObject({
      code: 'resend_too_soon',
      details: { retryAt: new Date(clock.now() + 60_000).toISOString() },
    });
    clock.advance(60_000);
    expect((await manager.resend(call)).link).toBe(invited.invitation.link);
    await manager.deliverMail();
    clock.advance(60_000);
    const rotated = await manager.resend({ ...call, rotate: true });
    expect(rotated.link).not.toBe(invited.invitation.link);
    await manager.deliverMail();
    expect(mailer.sent).toHaveLength(3);
    const person = account('u_new', email);
    const old = tokenIn(invited.invitation.link ?? '');
    await expect(manager.accept({ token: old, account: person })).rejects.toMatchObject({
      code: 'invitation_unusable',
    });
    await manager.accept({ token: tokenIn(rotated.link ?? ''), account: person });
  });

  test('revoked, declined and accepted invitations are over for everyone', async () => {
    const { manager } = await createTeam(create());
    const issue = async (name: string) => {
      const address = `${name}@acme.example.com`;
      const result = await manager.invite({ orgId, actor: admin, email: address });
      if (result.outcome !== 'invited') throw new Error(result.outcome);
      return { id: result.invitation.id, token: tokenIn(result.invitation.link ?? '') };
    };
    const revoked = await issue('revoked');
    const declined = await issue('declined');
    const accepted = await issue('accepted');
    await manager.revoke({ orgId, actor: admin, invitationId: revoked.id });
    const decliner = account('u_d', 'declined@acme.example.com');
    await manager.decline({ token: declined.token, account: decliner });
    const joiner = account('u_a', 'accepted@acme.example.com');
    await manager.accept({ token: accepted.token, account: joiner });
    const refused = { code: 'invitation_unusable' };
    for (const { id, token } of [revoked, declined, accepted]) {
      const call = { orgId, actor: admin, invitationId: id };
      await expect(manager.revoke(call)).rejects.toMatchObject(refused);
      await expect(manager.resend(call)).rejects.toMatchObject(refused);
      await expect(manager.previewInvitation({ token })).rejects.toMatchObject(refused);
    }
    await expect(
      manager.accept({ token: revoked.token, account: account('u_r', 'revoked@acme.example.com') }),
    ).rejects.toMatchObject(refused);
    await expect(
      manager.accept({ token: declined.token, account: decliner }),
    ).rejects.toMatchObject(refused);
    await expect(manager.decline({ token: accepted.token, account: joiner })).rejects.toMatchObject(
      refused,
    );
    for (const status of ['revoked', 'declined', 'accepted'] as const) {
      const { items, total } = await manager.listInvitations({ orgId, actor: admin, status });
      expect(total).toEqual({ count: 1, exact: true });
      expect(items).toMatchObject([{ status, link: null, address: `${status}@acme.example.com` }]);
    }
    expect(
      (await manager.listInvitations({ orgId, actor: admin, status: 'all' })).total.count,
    ).toBe(3);
  });

  test('an invitation to the admin role is worth no more than its inviter', async () => {
    const { manager, join } = await createTeam(create());
    const second = await join('u_2', 'admin');
    const invite = async (name: string, role: 'admin' | 'member') => {
      const address = `${name}@acme.example.com`;
      const result = await manager.invite({ orgId, actor: second, email: address, role });
      return tokenIn('invitation' in result ? (result.invitation.link ?? '') : '');
    };
    const asAdmin = await invite('u_3', 'admin');
    const asMember = await invite('u_4', 'member');
    await manager.demote({ orgId, actor: admin, userId: 'u_2' });
    await expect(manager.accept({ token: asAdmin, account: account('u_3') })).rejects.toMatchObject(
      { code: 'invitation_unusable' },
    );
    await manager.accept({ token: asMember, account: account('u_4') });
    const revoked = await manager.listInvitations({ orgId, actor: admin, status: 'revoked' });
    expect(revoked.items).toMatchObject([{ address: 'u_3@acme.example.com' }]);
  });

  test('a full organization refuses to be joined and keeps the invitation', async () => {
    const { manager } = await createTeam(create());
    await manager.createOrganization({
      orgId: 'small',
      name: 'Small',
      memberLimit: 2,
      admin: { userId: 'u_s', email: 'u_s@acme.example.com' },
    });
    const actor = { userId: 'u_s' };
    const tokens = [];
    for (const name of ['u_1', 'u_2']) {
      const address = `${name}@acme.example.com`;
      const result = await manager.invite({ orgId: 'small', actor, email: address });
      tokens.push(tokenIn('invitation' in result ? (result.invitation.link ?? '') : ''));
    }
    const [first = '', second = ''] = tokens;
    await manager.accept({ token: first, account: account('u_1') });
    await expect(manager.accept({ token: second, account: account('u_2') })).rejects.toMatchObject({
      code: 'member_limit_reached',
      details: { limit: 2 },
    });
    await manager.disable({ orgId: 'small', actor, userId: 'u_1' });
    await manager.accept({ token: second, account: account('u_2') });
  });

  test('at the pending limit further addresses are refused one by one', async () => {
    const { manager, clock } = await createTeam(create(), { pendingInvitationLimit: 2 });
    const addresses = ['a', 'b', 'c'].map((name) => `${name}@acme.example.com`);
    const outcomes = async () =>
      (await manager.inviteMany({ orgId, actor: admin, addresses })).map(({ outcome }) => outcome);
    expect(await outcomes()).toEqual(['invited', 'invited', 'pending_limit_reached']);
    expect(await outcomes()).toEqual([
      'already_invited',
      'already_invited',
      'pending_limit_reached',
    ]);
    clock.advance(7 * day);
    expect(await outcomes()).toEqual(['renewed', 'renewed', 'pending_limit_reached']);
  });

  test('who may not be invited takes no place of those who may', async () => {
    const { manager, join } = await createTeam(create(), { pendingInvitationLimit: 2 });
    await join('u_1');
    await join('u_2');
    await manager.disable({ orgId, actor: admin, userId: 'u_2' });
    await manager.invite({ orgId, actor: admin, email });
    const addresses = ['u_1', 'new', 'u_2', 'a', 'b'].map((name) => `${name}@acme.example.com`);
    const outcomes = async () =>
      (await manager.inviteMany({ orgId, actor: admin, addresses })).map(({ outcome }) => outcome);
    const [member, known, disabled] = ['already_member', 'already_invited', 'member_disabled'];
    expect(await outcomes()).toEqual([member, known, disabled, 'invited', 'pending_limit_reached']);
    expect(await outcomes()).toEqual([member, known, disabled, known, 'pending_limit_reached']);
    const { items } = await manager.listInvitations({ orgId, actor: admin });
    expect(items.map(({ address }) => address).toSorted()).toEqual(['a@acme.example.com', email]);
  });

  test('whatever ends or expires makes room at the pending limit, and renewing takes it', async () => {
    const { manager, clock } = await createTeam(create(), { pendingInvitationLimit: 2 });
    const invite = async (name: string) => {
      const address = `${name}@acme.example.com`;
      const result = await manager.invite({ orgId, actor: admin, email: address });
      const invitation = 'invitation' in result ? result.invitation : undefined;
      return { outcome: result.outcome, id: invitation?.id ?? '', link: invitation?.link ?? '' };
    };
    const full = 'pending_limit_reached';
    const [a, b] = [await invite('a'), await invite('b')];
    expect((await invite('c')).outcome).toBe(full);
    await manager.revoke({ orgId, actor: admin, invitationId: a.id });
    expect((await invite('c')).outcome).toBe('invited');
    expect((await invite('d')).outcome).toBe(full);
    await manager.accept({ token: tokenIn(b.link), account: account('b') });
    const d = await invite('d');
    expect(d.outcome).toBe('invited');
    expect((await invite('e')).outcome).toBe(full);
    clock.advance(7 * day);
    expect((await invite('e')).outcome).toBe('invited');
    // Two of the three have expired, so a resend finds room, and what it brings back counts.
    await manager.resend({ orgId, actor: admin, invitationId: d.id });
    expect((await invite('f')).outcome).toBe(full);
    expect((await invite('c')).outcome).toBe(full);
    await manager.revoke({ orgId, actor: admin, invitationId: d.id });
    expect((await invite('c')).outcome).toBe('renewed');
    expect((await invite('f')).outcome).toBe(full);
  });

  test('an invitation that is refused leaves nothing behind', async () => {
    const { manager, join, mailer } = await createTeam(create());
    const actor = await join('u_1');
    await manager.deliverMail();
    const sent = mailer.sent.length;
    const call = { orgId, actor: admin, email };
    for (const [change, code] of [
      [{ actor }, 'not_an_admin'],
      [{ actor: { userId: 'u_9' } }, 'not_a_member'],
      [{ orgId: 'unknown' }, 'not_a_member'],
      [{ orgId: 'unknown', actor: systemActor }, 'organization_not_found'],
    ] as const) {
      await expect(manager.invite({ ...call, ...change })).rejects.toMatchObject({ code });
    }
    await manager.deliverMail();
    expect(mailer.sent).toHaveLength(sent);
    expect((await manager.invite(call)).outcome).toBe('invited');
  });

  test('concurrent invitations of one address leave one', async () => {
    const { manager } = await createTeam(create());
    const results = await Promise.all(
      Array.from({ length: 20 }, () => manager.invite({ orgId, actor: admin, email })),
    );
    const outcomes = results.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual([...Array(19).fill('already_invited'), 'invited']);
    expect((await manager.listInvitations({ orgId, actor: admin })).total.count).toBe(1);
  });

  test('pages by cursor, newest first, searched and counted', async () => {
    const { manager, clock } = await createTeam(create());
    for (let index = 0; index < 7; index += 1) {
      const address = `person-${index}%@acme.example.com`;
      await manager.invite({ orgId, actor: admin, email: address });
      clock.advance(1);
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await manager.listInvitations({ orgId, actor: admin, limit: 3, cursor });
      expect(page.total.count).toBe(7);
      seen.push(...page.items.map(({ address }) => address));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
    expect(seen[0]).toBe('person-6%@acme.example.com');
    const found = await manager.listInvitations({ orgId, actor: admin, search: 'ON-3%' });
    expect(found.items).toMatchObject([{ address: 'person-3%@acme.example.com' }]);
    expect(found.total.count).toBe(1);
    const none = await manager.listInvitations({ orgId, actor: admin, search: 'on_3' });
    expect(none.total.count).toBe(0);
  });
});

/** An invitation by a second admin, and a way to run something behind the next look at a link. */
async function createOvertaken() {
  const storage = memoryStorage();
  let overtake = async (): Promise<unknown> => undefined;
  const overtaken: Storage = {
    ...storage,
    async findInvitation(id) {
      const found = await storage.findInvitation(id);
      const run = overtake;
      overtake = async () => undefined;
      await run();
      return found;
    },
  };
  const team = await createTeam(overtaken);
  const second = await team.join('u_2', 'admin');
  const invited = await team.manager.invite({ orgId, actor: second, email });
  if (invited.outcome !== 'invited') throw new Error(invited.outcome);
  const { id, link } = invited.invitation;
  const overtakeWith = (run: () => Promise<unknown>) => {
    overtake = run;
  };
  return { ...team, invitationId: id, token: tokenIn(link ?? ''), overtakeWith };
}

test.each(['accept', 'decline'] as const)(
  '%s that a resend overtakes still succeeds',
  async (verb) => {
    const { manager, clock, invitationId, token, overtakeWith } = await createOvertaken();
    clock.advance(60_000);
    overtakeWith(() => manager.resend({ orgId, actor: admin, invitationId }));
    await manager[verb]({ token, account: account('u_new', email) });
  },
);

test.each([
  ['accept', 'accepted'],
  ['decline', 'declined'],
] as const)(
  '%s that a disabling overtakes succeeds if the invitation is kept, and shows its new inviter',
  async (verb, status) => {
    const { manager, token, overtakeWith } = await createOvertaken();
    const leaver = { orgId, actor: admin, userId: 'u_2' };
    overtakeWith(() => manager.disable({ ...leaver, keepInvitations: true }));
    await manager[verb]({ token, account: account('u_new', email) });
    const ended = await manager.listInvitations({
      orgId,
      actor: admin,
      status: 'all',
      search: email,
    });
    expect(ended.items).toMatchObject([{ status, invitedBy: admin.userId }]);
  },
);

test.each(['accept', 'decline'] as const)(
  '%s that a disabling overtakes is refused if the invitation is revoked',
  async (verb) => {
    const { manager, token, overtakeWith } = await createOvertaken();
    overtakeWith(() => manager.disable({ orgId, actor: admin, userId: 'u_2' }));
    await expect(manager[verb]({ token, account: account('u_new', email) })).rejects.toMatchObject({
      code: 'invitation_unusable',
    });
    expect(await manager.listMembers({ orgId, actor: admin })).toMatchObject({
      total: { count: 1 },
    });
  },
);

test('a resend that another change overtakes mails nothing and says so', async () => {
  const storage = memoryStorage();
  let overtaken = false;
  const losing: Storage = {
    ...storage,
    transaction: (id, work) =>
      storage.transaction(id, (tx) =>
        work({
          ...tx,
          updateInvitation: async (from, to) => !overtaken && tx.updateInvitation(from, to),
        }),
      ),
  };
  const { manager, clock, mailer } = await createTeam(losing);
  const invited = await manager.invite({ orgId, actor: admin, email });
  if (invited.outcome !== 'invited') throw new Error(invited.outcome);
  await manager.deliverMail();
  clock.advance(60_000);
  const resending = { orgId, actor: admin, invitationId: invited.invitation.id, rotate: true };
  overtaken = true;
  await expect(manager.resend(resending)).rejects.toMatchObject({ code: 'conflict' });
  await manager.deliverMail();
  expect(mailer.sent).toHaveLength(1);
  const { items } = await manager.listInvitations({ orgId, actor: admin });
  expect(items).toMatchObject([{ link: invited.invitation.link, sendCount: 1 }]);
  overtaken = false;
  await manager.resend(resending);
  await manager.deliverMail();
  expect(mailer.sent).toHaveLength(2);
});
