import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { kyselyStorage } from 'org-user-manager/kysely';
import { expect, onTestFinished, test } from 'vitest';

const keepMs = 3_600_000;

/**
 * Counters in which others are always faster: each look sees them empty, and each charge finds them
 * full.
 */
async function createOvertaken() {
  const database = new Database(':memory:');
  onTestFinished(() => {
    database.close();
  });
  let overtaken = false;
  let tries = 0;
  const db = new Kysely<object>({
    dialect: new SqliteDialect({
      database: {
        close: () => undefined,
        prepare(text) {
          const statement = database.prepare(text);
          const { reader } = statement;
          if (text.startsWith('insert into "oum_usage"')) tries += 1;
          const looks = overtaken && text.startsWith('select') && text.includes('"oum_usage"');
          return {
            reader,
            all: (values) => (looks ? [] : statement.all(...values)),
            run: (values) => statement.run(...values),
            iterate: (values) => statement.iterate(...values),
          };
        },
      },
    }),
  });
  const storage = kyselyStorage(db);
  await storage.migrate();
  const charge = async (key: string) =>
    storage.rateLimits.consume({
      partition: 'acme',
      windows: [{ key, cost: 1, limit: 1, keepMs }],
    });
  expect(await charge('full')).toEqual({ allowed: true, used: [1] });
  overtaken = true;
  tries = 0;
  return { charge, tries: () => tries };
}

test('a charge that is overtaken each time is tried 20 times, then a conflict', async () => {
  const { charge, tries } = await createOvertaken();
  await expect(charge('full')).rejects.toMatchObject({ code: 'conflict' });
  expect(tries()).toBe(20);
});

test('so are charges that share a statement', async () => {
  const { charge, tries } = await createOvertaken();
  const answers = await Promise.allSettled([charge('full'), charge('full'), charge('full')]);
  const conflict = { status: 'rejected', reason: { code: 'conflict' } };
  expect(answers).toMatchObject([conflict, conflict, conflict]);
  // The first one leaves alone, the others together.
  expect(tries()).toBe(40);
});
