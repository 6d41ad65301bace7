import { systemActor } from 'org-user-manager';
import { OrgUserSupport } from 'org-user-manager/support';
import { expect, test } from 'vitest';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

describeEach(allStorages())('members on $name', ({ create }) => {
  test('active members are listed with their usage; a filter shows the disabled ones', async () => {
    const { manager, join, clock } = await createTeam(create());
    for (const userId of ['u_1', 'u_2', 'u_3']) {
      clock.advance(1);
      await join(userId);
    }
    await manager.consume({ orgId, userId: 'u_2', activity: 'search', cost: 5 });
    await manager.disable({ orgId, actor: admin, userId: 'u_3' });
    const active = await manager.listMembers({ orgId, actor: admin });
    expect(active.total.count).toBe(3);
    expect(active.items.map(({ userId, usage }) => [userId, usage.today])).toEqual([
      ['u_admin', 0],
      ['u_1', 0],
      ['u_2', 5],
    ]);
    const disabled = await manager.listMembers({ orgId, actor: admin, status: 'disabled' });
    expect(disabled.items).toMatchObject([{ userId: 'u_3', disabledAt: new Date(clock.now()) }]);
    const found = await manager.listMembers({ orgId, actor: admin, search: 'PERSON U_1' });
    expect(found).toMatchObject({ total: { count: 1 }, items: [{ userId: 'u_1' }] });

    const first = await manager.listMembers({ orgId, actor: admin, limit: 2 });
    const second = await manager.listMembers({
      orgId,
      actor: admin,
      limit: 2,
      cursor: first.nextCursor ?? '',
    });
    expect([...first.items, ...second.items].map(({ userId }) => userId)).toEqual(
      active.items.map(({ userId }) => userId),
    );
    expect(second.nextCursor).toBeNull();
  });

  test('limits are set apart: absent leaves, null removes, 0 blocks', async () => {
    const { manager, join } = await createTeam(create());
    await join('u_1');
    const call = { orgId, actor: admin, userId: 'u_1' };
    expect(await manager.setLimit({ ...call, daily: 10 })).toEqual({ daily: 10, monthly: null });
    expect(await manager.setLimit({ ...call, monthly: 0 })).toEqual({ daily: 10, monthly: 0 });
    expect(await manager.consume({ orgId, userId: 'u_1' })).toMatchObject({
      allowed: false,
      violated: ['user-month'],
      retryAt: null,
    });
    expect(await manager.setLimit({ ...call, daily: null, monthly: null })).toEqual({
      daily: null,
      monthly: null,
    });
    expect(await manager.consume({ orgId, userId: 'u_1' })).toMatchObject({ allowed: true });
  });

  test('the last active admin stays, whoever tries', async () => {
    const { manager, join } = await createTeam(create());
    const lastAdmin = { code: 'last_admin' };
    for (const actor of [admin, systemActor]) {
      const call = { orgId, actor, userId: admin.userId };
      await expect(manager.demote(call)).rejects.toMatchObject(lastAdmin);
      await expect(manager.disable(call)).rejects.toMatchObject(lastAdmin);
    }
    const second = await join('u_2');
    await manager.promote({ orgId, actor: admin, userId: 'u_2' });
    await manager.demote({ orgId, actor: second, userId: admin.userId });
    await expect(manager.disable({ orgId, actor: second, userId: 'u_2' })).rejects.toMatchObject(
      lastAdmin,
    );
    await expect(manager.promote({ orgId, actor: admin, userId: 'u_2' })).rejects.toMatchObject({
      code: 'not_an_admin',
    });
  });

  test('two admins who demote or disable each other at once leave one', async () => {
    const { manager, join } = await createTeam(create());
    const second = await join('u_2', 'admin');
    for (const verb of ['demote', 'disable'] as const) {
      const results = await Promise.allSettled([
        manager[verb]({ orgId, actor: admin, userId: second.userId }),
        manager[verb]({ orgId, actor: second, userId: admin.userId }),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { items } = await manager.listMembers({ orgId, actor: systemActor, status: 'all' });
      const left = items.filter(({ role, status }) => role === 'admin' && status === 'active');
      expect(left).toHaveLength(1);
      const support = new OrgUserSupport({ storage: manager.settings.storage });
      for (const { userId } of [admin, second]) {
        await support.restore({ orgId, userId, operator: 'desk', reason: 'test' });
        await manager.promote({ orgId, actor: systemActor, userId });
      }
    }
  });

  test('disable works at once and nothing but support brings the member back', async () => {
    const { manager, join, clock, storage } = await createTeam(create());
    await join('u_1');
    const pending = await manager.invite({
      orgId,
      actor: admin,
      email: 'second-address@acme.example.com',
    });
    const token = tokenIn('invitation' in pending ? (pending.invitation.link ?? '') : '');
    expect(await manager.consume({ orgId, userId: 'u_1' })).toMatchObject({ allowed: true });
    await manager.disable({ orgId, actor: admin, userId: 'u_1' });

    expect(await manager.consume({ orgId, userId: 'u_1' })).toEqual({
      allowed: false,
      reason: 'member_disabled',
    });
    const self = { userId: 'u_1' };
    const disabled = { code: 'member_disabled' };
    const email = 'u_1@acme.example.com';
    await expect(manager.member({ orgId, actor: self, userId: 'u_1' })).rejects.toMatchObject(
      disabled,
    );
    await expect(manager.usage({ orgId, actor: self, userId: 'u_1' })).rejects.toMatchObject(
      disabled,
    );
    await expect(manager.invite({ orgId, actor: self, email })).rejects.toMatchObject(disabled);
    expect(await manager.invite({ orgId, actor: admin, email })).toMatchObject({
      outcome: 'member_disabled',
    });
    expect(await manager.inviteMany({ orgId, actor: admin, addresses: [email] })).toMatchObject([
      { outcome: 'member_disabled' },
    ]);
    for (const verb of ['promote', 'demote', 'setLimit'] as const) {
      await expect(manager[verb]({ orgId, actor: admin, userId: 'u_1' })).rejects.toMatchObject(
        disabled,
      );
    }
    // The disabled user with another verified address, and another user with the old address.
    await expect(
      manager.accept({ token, account: account('u_1', 'second-address@acme.example.com') }),
    ).rejects.toMatchObject(disabled);
    await manager.disable({ orgId, actor: admin, userId: 'u_1' });
    await expect(
      manager.createOrganization({ orgId, name: 'x', admin: { userId: 'u_1', email } }),
    ).rejects.toMatchObject({ code: 'organization_exists' });

    const support = new OrgUserSupport({ storage, clock });
    await expect(
      support.restore({ orgId, userId: 'u_1', operator: 'desk', reason: ' ' }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
    await support.restore({ orgId, userId: 'u_1', operator: 'desk', reason: 'Ticket 4711' });
    expect(await manager.member({ orgId, actor: self, userId: 'u_1' })).toMatchObject({
      status: 'active',
      role: 'member',
      disabledAt: null,
    });
    expect(await manager.consume({ orgId, userId: 'u_1' })).toMatchObject({ allowed: true });
  });

  test('a disabled admin’s invitations are worth nothing, and restoring gives no admin role', async () => {
    const { manager, join, storage, clock } = await createTeam(create());
    const second = await join('u_2', 'admin');
    const email = 'private@acme.example.com';
    const invited = await manager.invite({ orgId, actor: second, email });
    const token = tokenIn('invitation' in invited ? (invited.invitation.link ?? '') : '');
    await manager.disable({ orgId, actor: admin, userId: 'u_2' });
    await expect(
      manager.accept({ token, account: account('u_other', email) }),
    ).rejects.toMatchObject({ code: 'invitation_unusable' });
    const support = new OrgUserSupport({ storage, clock });
    await support.restore({ orgId, userId: 'u_2', operator: 'desk', reason: 'Ticket 4711' });
    expect(await manager.member({ orgId, actor: admin, userId: 'u_2' })).toMatchObject({
      role: 'member',
      status: 'active',
    });
  });

  test('a new account with a disabled member’s address cannot slip in by an older link', async () => {
    const { manager, join } = await createTeam(create());
    const email = 'shared@acme.example.com';
    const invited = await manager.invite({ orgId, actor: admin, email });
    const token = tokenIn('invitation' in invited ? (invited.invitation.link ?? '') : '');
    await join('u_1');
    await manager.accept({ token, account: account('u_9', email) });
    await manager.disable({ orgId, actor: admin, userId: 'u_9' });
    // What was accepted by another account says what an unknown link says.
    await expect(manager.accept({ token, account: account('u_10', email) })).rejects.toMatchObject({
      code: 'invitation_unusable',
    });
    await expect(manager.accept({ token, account: account('u_9', email) })).rejects.toMatchObject({
      code: 'member_disabled',
    });
  });

  test('ids of another organization behave like unknown ones', async () => {
    const { manager, join } = await createTeam(create());
    await join('u_1');
    const invited = await manager.invite({ orgId, actor: admin, email: 'p@acme.example.com' });
    const invitationId = 'invitation' in invited ? invited.invitation.id : '';
    const actor = { userId: 'u_other' };
    await manager.createOrganization({
      orgId: 'other',
      name: 'Other',
      admin: { userId: 'u_other', email: 'u_other@acme.example.com' },
    });
    const codes = async (call: Promise<unknown>) =>
      call.then(
        () => 'done',
        (error) => error.code,
      );
    for (const [foreignUser, foreignInvitation] of [
      ['u_1', invitationId],
      ['u_unknown', '00000000-0000-7000-8000-000000000000'],
    ] as const) {
      const target = { orgId: 'other', actor, userId: foreignUser };
      const invitation = { orgId: 'other', actor, invitationId: foreignInvitation };
      expect(await codes(manager.member(target))).toBe('member_not_found');
      expect(await codes(manager.setLimit({ ...target, daily: 1 }))).toBe('member_not_found');
      expect(await codes(manager.promote(target))).toBe('member_not_found');
      expect(await codes(manager.demote(target))).toBe('member_not_found');
      expect(await codes(manager.disable(target))).toBe('member_not_found');
      expect(await codes(manager.usage(target))).toBe('member_not_found');
      expect(await codes(manager.resend(invitation))).toBe('invitation_not_found');
      expect(await codes(manager.revoke(invitation))).toBe('invitation_not_found');
      expect(await manager.consume({ orgId: 'other', userId: foreignUser })).toEqual({
        allowed: false,
        reason: 'not_a_member',
      });
    }
    for (const foreignOrg of [orgId, 'unknown']) {
      const call = { orgId: foreignOrg, actor };
      expect(await codes(manager.listMembers(call))).toBe('not_a_member');
      expect(await codes(manager.listInvitations(call))).toBe('not_a_member');
      expect(await codes(manager.bulkExtract({ ...call, text: '' }))).toBe('not_a_member');
      expect(await codes(manager.invite({ ...call, email: 'a@acme.example.com' }))).toBe(
        'not_a_member',
      );
    }
    const page = await manager.listInvitations({ orgId, actor: admin, limit: 1 });
    await manager.invite({ orgId, actor: admin, email: 'q@acme.example.com' });
    const { nextCursor } = await manager.listInvitations({ orgId, actor: admin, limit: 1 });
    expect(page.nextCursor).toBeNull();
    expect(
      await codes(manager.listInvitations({ orgId: 'other', actor, cursor: nextCursor ?? '' })),
    ).toBe('invalid_cursor');
    expect(
      await codes(manager.listMembers({ orgId, actor: admin, cursor: nextCursor ?? '' })),
    ).toBe('invalid_cursor');
    const cursor = nextCursor ?? '';
    for (const view of [
      { sort: 'address' },
      { order: 'asc' },
      { role: 'member' },
      { status: 'all' },
      { search: 'q' },
      { cursor: cursor.slice(0, -8) },
      { cursor: `${cursor.slice(0, 10)}A${cursor.slice(11)}` },
    ] as const) {
      const call = { orgId, actor: admin, cursor, ...view };
      expect([view, await codes(manager.listInvitations(call))]).toEqual([view, 'invalid_cursor']);
    }
  });

  test('members who are not admins manage nobody but see themselves', async () => {
    const { manager, join } = await createTeam(create());
    const actor = await join('u_1');
    await join('u_2');
    const refused = { code: 'not_an_admin' };
    const other = { orgId, actor, userId: 'u_2' };
    await expect(manager.member(other)).rejects.toMatchObject(refused);
    await expect(manager.usage(other)).rejects.toMatchObject(refused);
    await expect(manager.usage({ orgId, actor })).rejects.toMatchObject(refused);
    await expect(manager.setLimit({ ...other, daily: 1 })).rejects.toMatchObject(refused);
    await expect(manager.setLimit({ orgId, actor, userId: 'u_1' })).rejects.toMatchObject(refused);
    await expect(manager.promote({ orgId, actor, userId: 'u_1' })).rejects.toMatchObject(refused);
    await expect(manager.disable(other)).rejects.toMatchObject(refused);
    await expect(manager.listMembers({ orgId, actor })).rejects.toMatchObject(refused);
    await expect(
      manager.invite({ orgId, actor, email: 'x@acme.example.com' }),
    ).rejects.toMatchObject(refused);
    expect(await manager.member({ orgId, actor, userId: 'u_1' })).toMatchObject({ userId: 'u_1' });
    expect(await manager.usage({ orgId, actor, userId: 'u_1' })).toMatchObject({
      timeZone: 'UTC',
    });
  });
});
