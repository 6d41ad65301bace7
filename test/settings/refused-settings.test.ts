/** Settings with which no promise would hold: calls say so, and send nothing. */
import { kyselyStorage } from 'org-user-manager/kysely';
import { expect, onTestFinished, test } from 'vitest';
import { describeEach } from '../fixtures/servers.ts';
import { orgId } from '../fixtures/team.ts';
import { doors, readsSettings } from './doors.ts';
import { refusedOfMariaDb } from './mariadb-settings.ts';
import { refusedOfPostgres } from './postgres-settings.ts';
import { refusedOfSqlite } from './sqlite-settings.ts';

const refused = [...refusedOfMariaDb, ...refusedOfPostgres, ...refusedOfSqlite];

// Each connection begins with a statement that gives it the setting.
const isOfTest = (statement: string) => /^(set|pragma \w+ =|begin|rollback|commit)/.test(statement);

describeEach(refused)('$engine with $title', ({ title, open, message }) => {
  test('is refused before anything is sent', async () => {
    const sent: string[] = [];
    const db = open(({ query }) => {
      sent.push(query.sql);
    });
    onTestFinished(() => db.destroy());
    const { outbox, hostTransactions, ...storage } = kyselyStorage(db);
    const expectRefusal = (call: () => Promise<unknown>) =>
      expect(call()).rejects.toMatchObject({
        code: 'unsupported_setting',
        status: 500,
        message: `A setting of the database or its driver is not supported: ${message}`,
      });

    const lease = { claimId: 'c', now: 0, leaseUntil: 1, limit: 1 };
    const mail = { orgId, invitationId: 'i', number: 1 };
    const outcome = { state: 'sent', lastError: null, nextAttemptAt: 0 } as const;
    const own = [
      storage.migrate,
      outbox.nextDueAt,
      () => outbox.claim(lease),
      () => outbox.settle(mail, 'c', outcome),
    ];
    for (const call of [...own, ...doors(storage)]) await expectRefusal(call);
    // There, hosts cannot begin a transaction.
    if (title !== "sql_mode = 'ORACLE'") {
      await db.transaction().execute(async (trx) => {
        const inside = hostTransactions?.using(trx) ?? expect.fail('it has host transactions');
        for (const call of doors(inside)) await expectRefusal(call);
      });
    }
    const statements = sent.filter((statement) => !isOfTest(statement));
    expect(statements.length).toBeGreaterThanOrEqual(6);
    expect(statements.filter((statement) => !readsSettings(statement))).toEqual([]);
  });
});
