/** A connection that goes silent at what a process asks once: later calls take another one. */
import { type Dialect, Kysely } from 'kysely';
import { kyselyStorage } from 'org-user-manager/kysely';
import { expect, onTestFinished, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { createGate, type Gate } from './fixtures/gate.ts';
import { createManager } from './fixtures/manager.ts';
import { openStorage, serverDialect } from './fixtures/place.ts';
import { sharedEngines } from './fixtures/places.ts';
import { describeEach } from './fixtures/servers.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

/** The dialect, whose first statement that matches is answered when the gate opens. */
function silencing(dialect: Dialect, pattern: RegExp, gate: Gate): Dialect {
  let isSilent = false;
  return {
    createDriver() {
      const driver = dialect.createDriver();
      const acquire = driver.acquireConnection.bind(driver);
      driver.acquireConnection = async (options) => {
        const connection = await acquire(options);
        const execute = connection.executeQuery.bind(connection);
        connection.executeQuery = async (query) => {
          if (!isSilent && pattern.test(query.sql)) {
            isSilent = true;
            await gate.pass();
          }
          return execute(query);
        };
        return connection;
      };
      return driver;
    },
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

const questions = {
  PostgreSQL: { 'its settings': /pg_settings/, 'its tables': /pg_catalog\.pg_class/ },
  MariaDB: { 'its settings': /show variables/, 'its version': /select version\(\)/ },
};

const servers = sharedEngines().filter(({ name }) => name !== 'SQLite');

describeEach(servers)('$name', ({ name, create }) => {
  const asked = Object.entries(name === 'MariaDB' ? questions.MariaDB : questions.PostgreSQL);

  test.each(asked)('asked for %s', async (_, pattern) => {
    const { place, drop } = await create();
    onTestFinished(drop);
    if (place.engine === 'SQLite') throw new Error('a file has one connection');
    await createTeam(openStorage(place));
    const gate = createGate();
    const db = new Kysely<object>({ dialect: silencing(serverDialect(place), pattern, gate) });
    const storage = kyselyStorage(db, { schema: place.schema });
    // Shorter than the patience with a question that hangs.
    const options = { clock: undefined, storageDeadlineMs: 900 };
    const close = () => db.destroy();
    const migrate = async () => undefined;
    const { manager } = await createManager({ ...storage, migrate, close }, options);
    onTestFinished(gate.open);
    const member = { orgId, userId: admin.userId };
    const charge = () => codeOf(manager.consume(member));
    const change = () => codeOf(manager.setLimit({ ...member, actor: admin, daily: 9 }));
    const first = await Promise.all([charge(), charge()]);
    const later = await Promise.all([charge(), change(), change()]);
    expect([first, later]).toEqual([
      ['unavailable', 'unavailable'],
      ['done', 'done', 'done'],
    ]);
    await expect(gate.reached).resolves.toBeUndefined();
  });
});
