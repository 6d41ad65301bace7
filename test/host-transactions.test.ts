/** Calls inside transactions of the host: with it or not at all, on every engine. */
import { setTimeout } from 'node:timers/promises';
import { CamelCasePlugin, type Kysely, type Transaction } from 'kysely';
import type { OrgUserManager } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { createHost, dump } from './fixtures/host.ts';
import { type HostTables, hostDatabases } from './fixtures/host-databases.ts';
import { nextEvent } from './fixtures/next-event.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const addProject = (trx: Kysely<HostTables>) =>
  trx.insertInto('host_project').values({ id: crypto.randomUUID() }).execute();

/** One of every kind of change. */
async function changeEverything(
  { manager, token }: { readonly manager: OrgUserManager; readonly token: string },
  trx: Transaction<HostTables>,
) {
  const bound = manager.using(trx);
  const call = { orgId, actor: admin };
  await bound.createOrganization({
    orgId: 'other',
    name: 'Other',
    admin: { userId: 'u_9', email: 'u_9@acme.example.com' },
  });
  await bound.accept({ token, account: account('u_3') });
  const { invitation } = Object(await bound.invite({ ...call, email: 'p@acme.example.com' }));
  await bound.inviteMany({ ...call, addresses: ['q@acme.example.com', 'r@acme.example.com'] });
  await bound.revoke({ ...call, invitationId: invitation.id });
  await bound.promote({ ...call, userId: 'u_2' });
  await bound.demote({ ...call, userId: 'u_2' });
  await bound.setLimit({ ...call, userId: 'u_2', daily: 5 });
  await bound.consume({ orgId, userId: 'u_2', activity: 'search', cost: 5 });
  const own = { orgId, userId: admin.userId };
  const settled = await bound.reserve({ ...own, estimate: 9 });
  if ('reservation' in settled) await settled.reservation.commit(4);
  await bound.reserve({ ...own, estimate: 1 });
  await bound.record({ ...own, units: 3 });
  await bound.record({ ...own, units: -2, idempotencyKey: 'correction' });
  await bound.disable({ ...call, userId: 'u_1' });
  await addProject(trx);
  // What was written is seen inside, before anybody else sees it.
  expect((await bound.listMembers(call)).items.map(({ userId }) => userId)).toEqual([
    'u_admin',
    'u_2',
    'u_3',
  ]);
  expect((await bound.usage({ ...call, userId: 'u_2' })).activities[0]).toMatchObject({ today: 5 });
  expect((await bound.usage({ ...call, ...own })).activities[0]).toMatchObject({ today: 6 });
}

const events = [
  'organization.created',
  'invitation.accepted',
  'invitation.invited',
  'invitation.invited',
  'invitation.invited',
  'invitation.revoked',
  'member.promoted',
  'member.demoted',
  'member.limit_set',
  'usage.threshold_reached',
  'usage.threshold_reached',
  'member.disabled',
];

const account9 = { userId: 'u_9', email: 'u_9@acme.example.com' };

const engines = hostDatabases();

describeEach(engines)('$name', ({ create, isolationLevels }) => {
  test('counters in a store of their own are charged there, inside and outside', async () => {
    const database = await create();
    const { rateLimits } = memoryStorage();
    const options = { rateLimitStore: rateLimits, onStoreError: 'closed' } as const;
    const { manager, db } = await createHost(database, options);
    const call = { orgId, userId: 'u_2', cost: 4 };
    await manager.setLimit({ orgId, actor: admin, userId: 'u_2', daily: 8 });
    await db.transaction().execute((trx) => manager.using(trx).consume(call));
    expect(await manager.consume(call)).toMatchObject({
      allowed: true,
      windows: [{ used: 8 }, {}, {}, {}],
    });
    await db.transaction().execute(async (trx) => {
      const bound = manager.using(trx);
      expect(await bound.consume({ ...call, cost: 1 })).toMatchObject({ violated: ['user-day'] });
      const { windows } = await bound.usage({ orgId, actor: admin, userId: 'u_2' });
      expect(windows[0]).toMatchObject({ used: 8 });
    });
    expect((await dump(database)).oum_usage).toEqual([]);
  });

  test('a transaction rolled back leaves no row, no mail and no event', async () => {
    const database = await create();
    const host = await createHost(database);
    const { manager, db, before, heard, mailer } = host;
    const undone = db.transaction().execute(async (trx) => {
      await changeEverything(host, trx);
      throw new Error('the host thinks better of it');
    });
    await expect(undone).rejects.toThrow('the host thinks better of it');
    expect(await dump(database)).toEqual(before);
    await manager.deliverMail();
    // A later commit is noticed: whatever was to be noticed of the other one would have been.
    const seen = nextEvent(manager, 'member.limit_set');
    await db.transaction().execute(async (trx) => {
      await manager.using(trx).setLimit({ orgId, actor: admin, userId: 'u_2', daily: 6 });
    });
    await seen;
    expect(heard).toEqual(['member.limit_set']);
    expect(mailer.sent).toEqual([]);
  });

  test('a transaction committed brings rows, mails and events, and none of them earlier', async () => {
    const database = await create();
    const host = await createHost(database);
    const { manager, db, heard, mailer } = host;
    const sent = nextEvent(manager, 'mail.sent');
    const seen = nextEvent(manager, 'member.disabled');
    await db.transaction().execute(async (trx) => {
      await changeEverything(host, trx);
      await setTimeout(30);
      expect(heard).toEqual([]);
      expect(mailer.sent).toEqual([]);
    });
    await seen;
    await sent;
    await manager.deliverMail();
    expect(heard.filter((name) => name !== 'mail.sent').toSorted()).toEqual(events.toSorted());
    expect(mailer.sent.map(({ to }) => to).toSorted()).toEqual([
      'q@acme.example.com',
      'r@acme.example.com',
    ]);
    const stored = await dump(database);
    const { host_project: projects, oum_usage: counters, oum_reservation: open } = stored;
    expect(projects).toHaveLength(1);
    expect(open).toHaveLength(1);
    expect(counters).not.toEqual([]);
  });

  test('a refused call undoes itself alone, and provokes no error in the transaction', async () => {
    const database = await create();
    const { manager, db, token, failures } = await createHost(database);
    const theirs = await manager.invite({
      orgId,
      actor: { userId: 'u_1' },
      email: account('u_4').email,
    });
    const ofDisabled = tokenIn('invitation' in theirs ? (theirs.invitation.link ?? '') : '');
    const outcomes = await db.transaction().execute(async (trx) => {
      const bound = manager.using(trx);
      const call = { orgId, actor: admin };
      await bound.setLimit({ ...call, userId: 'u_2', daily: 1 });
      const charge = () => bound.consume({ orgId, userId: 'u_2', activity: 'search' });
      const results = [
        await codeOf(bound.createOrganization({ orgId, name: 'Twin', admin: account9 })),
        await codeOf(bound.disable({ orgId, actor: { userId: 'u_2' }, userId: 'u_1' })),
        await codeOf(bound.demote({ ...call, userId: 'u_1' })),
        await codeOf(bound.demote({ ...call, userId: admin.userId })),
        await codeOf(bound.accept({ token, account: account('u_9') })),
        await codeOf(bound.disable({ ...call, userId: 'u_1' })),
        // Refused after its first write.
        await codeOf(bound.accept({ token: ofDisabled, account: account('u_4') })),
        (await bound.invite({ ...call, email: account('u_3').email })).outcome,
        (await bound.invite({ ...call, email: account('u_2').email })).outcome,
        (await charge()).allowed,
        (await charge()).allowed,
        await codeOf(bound.accept({ token, account: account('u_3') })),
      ];
      await addProject(trx);
      return results;
    });
    expect(outcomes).toEqual([
      'organization_exists',
      'not_an_admin',
      'done',
      'last_admin',
      'wrong_account',
      'done',
      'invitation_unusable',
      'already_invited',
      'already_member',
      true,
      false,
      'done',
    ]);
    expect(failures).toEqual([]);
    const { items } = await manager.listMembers({ orgId, actor: admin });
    expect(items.map(({ userId, role }) => `${userId} ${role}`)).toEqual([
      'u_admin admin',
      'u_2 member',
      'u_3 member',
    ]);
    expect((await dump(database)).host_project).toHaveLength(1);
  });

  test('calls made at once in one transaction do not cut into each other', async () => {
    const database = await create();
    const { manager, db } = await createHost(database);
    const emails = Array.from({ length: 8 }, (_, index) => `p${index}@acme.example.com`);
    const results = await db
      .transaction()
      .execute((trx) =>
        Promise.all([
          ...emails.map((email) => manager.using(trx).invite({ orgId, actor: admin, email })),
          codeOf(manager.using(trx).disable({ orgId, actor: { userId: 'u_2' }, userId: 'u_1' })),
        ]),
      );
    expect(results.filter((result) => Object(result).outcome === 'invited')).toHaveLength(8);
    expect(results.at(-1)).toBe('not_an_admin');
    expect((await manager.listInvitations({ orgId, actor: admin })).total.count).toBe(9);
  });

  test('plugins of the host do not touch the rows', async () => {
    const database = await create();
    const { manager, db } = await createHost(database);
    await db
      .withPlugin(new CamelCasePlugin())
      .transaction()
      .execute((trx) =>
        manager.using(trx).setLimit({ orgId, actor: admin, userId: 'u_2', daily: 3 }),
      );
    const { limit } = await manager.member({ orgId, actor: admin, userId: 'u_2' });
    expect(limit).toEqual({ daily: 3, monthly: null });
  });

  test('anything but an open transaction is refused', async () => {
    const { db, manager } = await createHost(await create());
    const over = await db.startTransaction().execute();
    await over.rollback().execute();
    const issues = [{ path: 'transaction', message: expect.stringContaining('must be an open') }];
    for (const wrong of [db, over, {}, () => undefined]) {
      expect(() => manager.using(wrong)).toThrow(
        expect.objectContaining({ code: 'invalid_input', details: { issues } }),
      );
    }
    const controlled = await db.startTransaction().execute();
    await manager.using(controlled).setLimit({ orgId, actor: admin, userId: 'u_2', daily: 3 });
    await controlled.commit().execute();
  });

  test.each(isolationLevels)(
    'admins who demote each other in transactions that have read leave one (%s)',
    async (isolation) => {
      const database = await create();
      const { manager, db } = await createHost(database);
      const demote = (by: string, userId: string) =>
        db
          .transaction()
          .setIsolationLevel(isolation)
          .execute(async (trx) => {
            const bound = manager.using(trx);
            await bound.listMembers({ orgId, actor: { userId: by } });
            await setTimeout(5);
            await bound.demote({ orgId, actor: { userId: by }, userId });
          });
      const outcomes = await Promise.all([
        codeOf(demote(admin.userId, 'u_1')),
        codeOf(demote('u_1', admin.userId)),
      ]);
      expect(outcomes.filter((outcome) => outcome === 'done').length).toBeLessThan(2);
      const legal = ['done', 'conflict', 'not_an_admin', 'last_admin'];
      expect(outcomes.filter((outcome) => !legal.includes(outcome))).toEqual([]);
      const { total } = await manager.listMembers({ orgId, actor: { system: true } });
      expect(total.count).toBe(3);
    },
  );

  test.each(isolationLevels)(
    'nobody acts on a right that they have lost (%s)',
    async (isolation) => {
      const database = await create();
      const { manager, db } = await createHost(database);
      const acting = db
        .transaction()
        .setIsolationLevel(isolation)
        .execute(async (trx) => {
          // From here on the transaction may see an old state.
          await trx.selectFrom('host_project').selectAll().execute();
          await manager.disable({ orgId, actor: admin, userId: 'u_1' });
          const actor = { userId: 'u_1' };
          return codeOf(manager.using(trx).invite({ orgId, actor, email: 'p@acme.example.com' }));
        });
      expect(['member_disabled', 'conflict']).toContain(await acting);
    },
  );
});

test('a storage without transactions to share says so', async () => {
  const { manager } = await createTeam(memoryStorage());
  expect(() => manager.using({})).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});
