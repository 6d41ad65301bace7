/** Transactions of the host that meet others: on servers, where two can be open at once. */
import { setTimeout } from 'node:timers/promises';
import { type IsolationLevel, type Kysely, sql } from 'kysely';
import type { InviteResult, UsageDecision } from 'org-user-manager';
import { expect, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { createHost } from './fixtures/host.ts';
import { type HostDatabase, type HostTables, hostDatabases } from './fixtures/host-databases.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { account, admin, orgId } from './fixtures/team.ts';

const servers = hostDatabases().filter(({ isolationLevels }) => isolationLevels.length > 0);

const linkTo = (result: InviteResult) =>
  tokenIn('invitation' in result ? (result.invitation.link ?? '') : '');

const lock = (db: Kysely<HostTables>, { schema }: HostDatabase, organization: string) =>
  sql`update ${sql.table(`${schema}.oum_organization`)} set revision = revision + 1
    where id = ${organization}`.execute(db);

describeEach(servers)('$name', ({ name, reuse, isolationLevels }) => {
  /** Runs `work` in a transaction that has already read, and so may see an old state. */
  const afterReading = <T>(
    db: Kysely<HostTables>,
    isolation: IsolationLevel,
    work: (trx: Kysely<HostTables>) => Promise<T>,
  ) =>
    db
      .transaction()
      .setIsolationLevel(isolation)
      .execute(async (trx) => {
        await trx.selectFrom('host_project').selectAll().execute();
        return work(trx);
      });

  test('a call waits for the database as long as it takes: no half of it can be committed', async () => {
    const database = await reuse();
    // Long enough for what goes before, on a busy machine.
    const storageDeadlineMs = 1000;
    const { manager, db } = await createHost(database, { storageDeadlineMs });
    const other = await db.startTransaction().execute();
    await lock(other, database, orgId);
    let answered = false;
    const done = db.transaction().execute(async (trx) => {
      await manager.using(trx).disable({ orgId, actor: admin, userId: 'u_1' });
      answered = true;
    });
    await setTimeout(2 * storageDeadlineMs);
    expect(answered).toBe(false);
    await other.rollback().execute();
    await done;
    const { status } = await manager.member({ orgId, actor: admin, userId: 'u_1' });
    expect(status).toBe('disabled');
  });

  test('after a deadlock nothing more is written, and the host is told to begin again', async () => {
    const database = await reuse();
    const { manager, db, token } = await createHost(database);
    const owner = { userId: 'u_o' };
    await manager.createOrganization({
      orgId: 'other',
      name: 'Other',
      admin: { ...owner, email: 'u_o@acme.example.com' },
    });
    const other = await db.startTransaction().execute();
    // Heavy, so that the database gives up the one that did less.
    for (let row = 0; row < 50; row += 1) {
      await other
        .insertInto('host_project')
        .values({ id: `h${row}` })
        .execute();
    }
    await lock(other, database, orgId);
    const outcomes: string[] = [];
    let theirs: Promise<unknown> = Promise.resolve();
    const undone = db.transaction().execute(async (trx) => {
      const bound = manager.using(trx);
      const inOther = { orgId: 'other', actor: owner };
      await bound.setLimit({ ...inOther, userId: 'u_o', daily: 3 });
      const accepting = bound.accept({ token, account: account('u_3') });
      const accepted = codeOf(accepting);
      await setTimeout(100);
      // PostgreSQL gives up whichever asks first. When that is ours, theirs goes on waiting for the end of
      // this transaction, and must not be waited for in it.
      theirs = lock(other, database, 'other')
        .catch(() => undefined)
        .then(() => other.rollback().execute());
      outcomes.push(
        await accepted,
        await codeOf(bound.setLimit({ ...inOther, userId: 'u_o', daily: 99 })),
        await codeOf(bound.invite({ ...inOther, email: 'zz@acme.example.com' })),
      );
      if (name.startsWith('MariaDB')) {
        await expect(accepting).rejects.toMatchObject({ cause: { code: 'ER_LOCK_DEADLOCK' } });
      }
      throw new Error('the host gives up');
    });
    await expect(undone).rejects.toThrow('the host gives up');
    await theirs;
    if (name.startsWith('MariaDB')) expect(outcomes).toEqual(['conflict', 'conflict', 'conflict']);
    const members = await manager.listMembers({ orgId, actor: admin });
    expect(members.items.map(({ userId }) => userId)).toEqual(['u_admin', 'u_1', 'u_2']);
    const { limit } = await manager.member({ orgId: 'other', actor: owner, userId: 'u_o' });
    expect(limit.daily).toBeNull();
    const pending = await manager.listInvitations({ orgId: 'other', actor: owner });
    expect(pending.total.count).toBe(0);
  });

  test.each(isolationLevels)('disabling takes along what was invited since (%s)', async (level) => {
    const { manager, db } = await createHost(await reuse());
    const outcome = await afterReading(db, level, async (trx) => {
      const actor = { userId: 'u_1' };
      await manager.invite({ orgId, actor, email: 'boss@acme.example.com', role: 'admin' });
      return codeOf(manager.using(trx).disable({ orgId, actor: admin, userId: 'u_1' }));
    });
    expect(['done', 'conflict']).toContain(outcome);
    // That no admin invitation of theirs is left is one of the invariants.
  });

  test.each(isolationLevels)(
    'a link newer than the transaction works, or may later (%s)',
    async (level) => {
      const { manager, db } = await createHost(await reuse());
      const outcome = await afterReading(db, level, async (trx) => {
        const late = await manager.invite({ orgId, actor: admin, email: account('u_4').email });
        const accepting = { token: linkTo(late), account: account('u_4') };
        return codeOf(manager.using(trx).accept(accepting));
      });
      const legal = name.startsWith('MariaDB')
        ? ['done']
        : ['done', 'conflict', 'invitation_unusable'];
      expect(legal).toContain(outcome);
    },
  );

  test.each(isolationLevels)(
    'usage is decided by the newest counters, or the host begins again (%s)',
    async (level) => {
      const { manager, db } = await createHost(await reuse());
      const userId = 'u_2';
      await manager.setLimit({ orgId, actor: admin, userId, daily: 3 });
      const { rateLimitStore: store } = manager.settings;
      const consume = (cost: number) => manager.consume({ orgId, userId, cost });
      await consume(1);
      const outcomes: string[] = [];
      await afterReading(db, level, async (trx) => {
        await consume(2);
        const charge = manager.using(trx).consume({ orgId, userId });
        outcomes.push(await charge.then(refusalOf, ({ code }) => String(code)));
      });
      await afterReading(db, level, async (trx) => {
        const day = (await manager.usage({ orgId, actor: admin, userId })).windows[0];
        const key = `u/${day?.startsAt.toISOString().slice(0, 10)}//${userId}`;
        const back = { key, cost: -1, limit: null, keepMs: 60_000 };
        await store.consume({ partition: orgId, windows: [back] });
        const charge = manager.using(trx).consume({ orgId, userId });
        outcomes.push(await charge.then(refusalOf, ({ code }) => String(code)));
      });
      const refused = 'user-day 3';
      const isNewest = name.startsWith('MariaDB') || level === 'read committed';
      if (isNewest) expect(outcomes).toEqual([refused, 'allowed']);
      else expect([refused, 'conflict']).toContain(outcomes[0]);
    },
  );
});

/** `allowed`, or which window refuses and what is used of it. */
function refusalOf(decision: UsageDecision): string {
  if (decision.allowed) return 'allowed';
  if (decision.reason !== 'limit_exceeded') return decision.reason;
  return `${decision.violated.join()} ${decision.windows[0]?.used}`;
}
