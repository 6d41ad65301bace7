import { type OrgUserManager, type Storage, systemActor } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { OrgUserSupport } from 'org-user-manager/support';
import { describe, expect, test } from 'vitest';
import { allEvents } from './fixtures/all-events.ts';
import { codeOf } from './fixtures/code-of.ts';
import { createManager } from './fixtures/manager.ts';
import { nextEvent } from './fixtures/next-event.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { openRaw, sqliteFile } from './fixtures/sqlite-file.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

/** Everything that is emitted, in order; `take` empties it. */
function hear(manager: OrgUserManager) {
  let heard: unknown[] = [];
  for (const name of allEvents) manager.on(name, (event) => void heard.push([name, event]));
  return {
    take() {
      const taken = heard;
      heard = [];
      return taken;
    },
  };
}

async function inviteAs(
  manager: OrgUserManager,
  email: string,
  actor: typeof admin | typeof systemActor,
) {
  const result = await manager.invite({ orgId, actor, email });
  if (result.outcome !== 'invited') throw new Error(result.outcome);
  const { id, link } = result.invitation;
  return { invitationId: id, token: tokenIn(link ?? '') };
}

describe('events and the audit log', () => {
  test('tell of every change: who, when, to whom', async () => {
    const filename = sqliteFile();
    const { manager, clock, storage } = await createManager(sqliteStorage({ filename }));
    const { take } = hear(manager);
    const by = { orgId, at: clock.now(), actor: admin.userId };
    const founder = { userId: admin.userId, email: 'admin@acme.example.com' };
    await manager.createOrganization({ orgId, name: 'Acme', admin: founder });
    expect(take()).toEqual([['organization.created', by]]);

    const first = await inviteAs(manager, 'u_1@acme.example.com', admin);
    const second = await inviteAs(manager, 'u_2@acme.example.com', systemActor);
    await manager.deliverMail();
    const { at } = by;
    const { invitationId } = first;
    const other = second.invitationId;
    expect(take()).toEqual([
      ['invitation.invited', { ...by, invitationId }],
      ['invitation.invited', { ...by, actor: null, invitationId: other }],
      ['mail.sent', { orgId, invitationId, at }],
      ['mail.sent', { orgId, invitationId: other, at }],
    ]);

    clock.advance(60_000);
    const later = { ...by, at: clock.now() };
    const resent = await manager.resend({ orgId, actor: admin, invitationId, rotate: true });
    const userId = 'u_1';
    await manager.accept({ token: tokenIn(resent.link ?? ''), account: account(userId) });
    await manager.decline({ token: second.token, account: account('u_2') });
    await manager.deliverMail();
    expect(take()).toEqual([
      ['invitation.resent', { ...later, invitationId }],
      ['invitation.accepted', { ...later, actor: userId, userId, invitationId }],
      ['invitation.declined', { ...later, actor: 'u_2', userId: 'u_2', invitationId: other }],
    ]);

    const addresses = ['u_3@acme.example.com', 'u_1@acme.example.com', 'u_4@acme.example.com'];
    const many = await manager.inviteMany({ orgId, actor: admin, addresses });
    const ids = many.flatMap((one) => ('invitation' in one ? one.invitation.id : []));
    const [third = '', fourth = ''] = ids;
    await manager.revoke({ orgId, actor: admin, invitationId: third });
    const target = { orgId, actor: admin, userId };
    await manager.promote(target);
    await manager.demote({ ...target, actor: systemActor });
    await manager.setLimit({ ...target, daily: 0 });
    await manager.consume({ orgId, userId, activity: 'export' });
    await manager.disable(target);
    await manager.deliverMail();
    expect(take().filter((event) => !String(event).startsWith('mail.'))).toEqual([
      ['invitation.invited', { ...later, invitationId: third }],
      ['invitation.invited', { ...later, invitationId: fourth }],
      ['invitation.revoked', { ...later, invitationId: third }],
      ['member.promoted', { ...later, userId }],
      ['member.demoted', { ...later, actor: null, userId }],
      ['member.limit_set', { ...later, userId }],
      [
        'usage.refused',
        { orgId, userId, at: later.at, activity: 'export', violated: ['user-day'] },
      ],
      ['member.disabled', { ...later, userId }],
    ]);

    clock.advance(1);
    const support = new OrgUserSupport({ storage, clock });
    await support.restore({ orgId, userId, operator: 'desk-2', reason: ' Ticket 4711 ' });
    await support.restore({ orgId, userId, operator: 'desk-2', reason: 'again' });
    expect(take()).toEqual([]);
    const rows = openRaw(filename)
      .prepare('select action, at, actor, subject, reason, org_id from oum_audit_entry order by id')
      .all();
    expect(new Set(rows.map(({ org_id }) => org_id))).toEqual(new Set([orgId]));
    const log = rows.map(({ action, at: when, actor, subject }) => [action, when, actor, subject]);
    const end = later.at;
    expect(log.sort()).toEqual(
      [
        ['organization.created', at, 'u_admin', orgId],
        ['invitation.invited', at, 'u_admin', invitationId],
        ['invitation.invited', at, null, other],
        ['invitation.resent', end, 'u_admin', invitationId],
        ['invitation.accepted', end, userId, invitationId],
        ['invitation.declined', end, 'u_2', other],
        ['invitation.invited', end, 'u_admin', third],
        ['invitation.invited', end, 'u_admin', fourth],
        ['invitation.revoked', end, 'u_admin', third],
        ['member.promoted', end, 'u_admin', userId],
        ['member.demoted', end, null, userId],
        ['member.limit_set', end, 'u_admin', userId],
        ['member.disabled', end, 'u_admin', userId],
        ['member.restored', end + 1, 'desk-2', userId],
      ].sort(),
    );
    const reasons = rows.map(({ action, reason }) => [action, reason]);
    expect(reasons.filter(([, reason]) => reason !== null)).toEqual([
      ['member.restored', 'Ticket 4711'],
    ]);
  });

  test('are silent about what changed nothing or failed', async () => {
    const filename = sqliteFile();
    const { manager, join } = await createTeam(sqliteStorage({ filename }));
    await join('u_1');
    await join('u_2');
    const { invitationId } = await inviteAs(manager, 'p@acme.example.com', admin);
    await manager.disable({ orgId, actor: admin, userId: 'u_2' });
    await manager.deliverMail();
    const count = openRaw(filename).prepare('select count(*) as entries from oum_audit_entry');
    const before = count.get();
    const { take } = hear(manager);
    const call = { orgId, actor: admin };
    await manager.invite({ ...call, email: 'p@acme.example.com' });
    await manager.inviteMany({ ...call, addresses: ['u_1@acme.example.com', 'nobody'] });
    await manager.promote({ ...call, userId: admin.userId });
    await manager.demote({ ...call, userId: 'u_1' });
    await manager.disable({ ...call, userId: 'u_2' });
    const refused = [
      manager.demote({ ...call, userId: admin.userId }),
      manager.promote({ ...call, userId: 'u_2' }),
      manager.setLimit({ ...call, userId: 'u_2', daily: 1 }),
      manager.resend({ ...call, invitationId }),
      manager.revoke({ ...call, invitationId: 'unknown' }),
      manager.invite({ orgId, actor: { userId: 'u_1' }, email: 'q@acme.example.com' }),
      manager.createOrganization({ orgId, name: 'x', admin: stranger }),
    ];
    expect(await Promise.all(refused.map(codeOf))).toEqual([
      'last_admin',
      'member_disabled',
      'member_disabled',
      'resend_too_soon',
      'invitation_not_found',
      'not_an_admin',
      'organization_exists',
    ]);
    await manager.consume({ orgId, userId: 'u_2' });
    await manager.consume({ orgId, userId: 'u_1' });
    await manager.deliverMail();
    expect(take()).toEqual([]);
    expect(count.get()).toEqual(before);
  });

  test('come after the commit, once, however often the transaction ran', async () => {
    const storage = memoryStorage();
    let committed = 0;
    const retrying: Storage = {
      ...storage,
      async transaction(org, work) {
        const undone = storage.transaction(org, async (tx) => {
          await work(tx);
          throw new Error('serialization failure');
        });
        await undone.catch(() => undefined);
        const result = await storage.transaction(org, work);
        committed += 1;
        return result;
      },
    };
    const { manager } = await createTeam(retrying);
    const commits: number[] = [];
    manager.on('invitation.invited', () => void commits.push(committed));
    await inviteAs(manager, 'p@acme.example.com', admin);
    expect(commits).toEqual([2]);
    const seen = nextEvent(manager, 'member.limit_set').then(({ userId }) =>
      manager.member({ orgId, actor: admin, userId }),
    );
    await manager.setLimit({ orgId, actor: admin, userId: admin.userId, daily: 7 });
    expect(await seen).toMatchObject({ limit: { daily: 7 } });
  });

  test('do not come when the commit itself fails', async () => {
    const storage = memoryStorage();
    let broken = false;
    const { manager } = await createTeam({
      ...storage,
      async transaction(org, work) {
        const result = await storage.transaction(org, work);
        if (broken) throw new Error('connection lost');
        return result;
      },
    });
    const { take } = hear(manager);
    broken = true;
    await expect(inviteAs(manager, 'p@acme.example.com', admin)).rejects.toMatchObject({
      code: 'unavailable',
      cause: { message: 'connection lost' },
    });
    expect(take()).toEqual([]);
  });
});

describe('listeners', () => {
  test('that throw or reject disturb nobody and reach onError', async () => {
    const { manager, errors } = await createTeam(memoryStorage());
    const heard: string[] = [];
    manager.on('invitation.invited', () => {
      throw new Error('thrown');
    });
    manager.on('invitation.invited', async () => {
      await Promise.resolve();
      throw new Error('rejected');
    });
    manager.on('invitation.invited', () => Promise.reject('no error at all'));
    manager.on('invitation.invited', ({ actor }) => void heard.push(actor ?? ''));
    manager.on('mail.sent', () => {
      throw new Error('after the mail');
    });
    await inviteAs(manager, 'p@acme.example.com', admin);
    await manager.deliverMail();
    expect(heard).toEqual([admin.userId]);
    expect(errors.map(String).sort()).toEqual([
      'Error: after the mail',
      'Error: rejected',
      'Error: thrown',
      'OrgUserManagerError: Internal error',
    ]);
    expect(errors).toContainEqual(expect.objectContaining({ cause: 'no error at all' }));
    const { items } = await manager.listInvitations({ orgId, actor: admin });
    expect(items).toMatchObject([{ delivery: { state: 'sent', attempts: 1 } }]);
  });

  test('are not waited for', async () => {
    const { manager } = await createTeam(memoryStorage());
    manager.on('invitation.invited', () => new Promise<void>(() => undefined));
    await inviteAs(manager, 'p@acme.example.com', admin);
  });

  test('hear only their event, and nothing once they have left', async () => {
    const { manager } = await createTeam(memoryStorage());
    const heard: string[] = [];
    const listener = ({ invitationId }: { readonly invitationId: string }) =>
      void heard.push(invitationId);
    const leave = manager.on('invitation.invited', listener);
    manager.on('invitation.revoked', listener);
    const stay = manager.on('invitation.invited', listener);
    const { invitationId } = await inviteAs(manager, 'p@acme.example.com', admin);
    expect(heard).toEqual([invitationId, invitationId]);
    leave();
    leave();
    const { invitationId: next } = await inviteAs(manager, 'q@acme.example.com', admin);
    expect(heard.slice(2)).toEqual([next]);
    stay();
    await inviteAs(manager, 'r@acme.example.com', admin);
    expect(heard).toHaveLength(3);
  });
});

const stranger = { userId: 'u_x', email: 'u_x@acme.example.com' };
