import { setTimeout } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import { OrgUserManager, type Storage } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { expect, onTestFinished, test } from 'vitest';
import { findBreaches, readFacts } from '../fixtures/invariants.ts';
import { pgliteDialect } from '../fixtures/pglite.ts';
import { openStorage, openTables, type Place } from '../fixtures/place.ts';
import { type SharedDatabase, type SharedEngine, sharedEngines } from '../fixtures/places.ts';
import { describeEach } from '../fixtures/servers.ts';
import { secret } from '../fixtures/team.ts';
import type { CallReport } from '../fixtures/worker-commands.ts';
import { startWorker, type Worker } from '../fixtures/workers.ts';
import { createArena } from './race.ts';

const repetitions = 10;
const kills = 10;

function managerOn(storage: Storage): OrgUserManager {
  return new OrgUserManager({
    storage,
    mailer: { send: async () => undefined },
    secret,
    baseUrl: 'https://app.acme.example.com/org',
  });
}

/** Migrates once more, lets somebody join, and reads what is stored. */
async function expectWorkingSchema(place: Place): Promise<void> {
  const manager = managerOn(openStorage(place));
  await manager.migrate();
  const arena = await createArena(manager, 'acme', 2);
  await arena.join('u_1');
  await manager.close();
  const tables = openTables(place);
  const facts = await readFacts(tables);
  await tables.destroy();
  expect(facts.map(({ members }) => members.length)).toEqual([2]);
  expect(facts.flatMap((one) => findBreaches(one))).toEqual([]);
}

async function database(engine: SharedEngine): Promise<SharedDatabase> {
  const created = await engine.create();
  onTestFinished(created.drop);
  return created;
}

async function withWorkers(count: number): Promise<readonly Worker[]> {
  const workers = await Promise.all(Array.from({ length: count }, startWorker));
  onTestFinished(async () => void (await Promise.all(workers.map((worker) => worker.stop()))));
  return workers;
}

const soon = () => process.hrtime.bigint() + 10_000_000n;

/** Kills a process that is migrating after so many nanoseconds; says whether it had finished. */
async function killWhileMigrating(place: Place, after: number): Promise<boolean> {
  const worker = await startWorker();
  await worker.ask({ do: 'open', place });
  const at = soon();
  const migrated = worker.ask<CallReport>({ do: 'migrate', at }).then(
    ({ outcome }) => outcome === 'done',
    () => false,
  );
  const deadline = at + BigInt(Math.round(after));
  await setTimeout(Number(deadline - process.hrtime.bigint()) / 1e6 - 2);
  let now = process.hrtime.bigint();
  while (now < deadline) now = process.hrtime.bigint();
  await worker.kill();
  return migrated;
}

/** How many tables a killed process left behind. */
async function countTables(place: Place): Promise<number> {
  const db = openTables(place);
  const found =
    place.engine === 'SQLite'
      ? sql`select name from sqlite_master where type = 'table'`
      : sql`select 1 from information_schema.tables where table_schema = ${place.schema}`;
  const { rows } = await found.execute(db);
  await db.destroy();
  return rows.length;
}

/** How long a new process needs to migrate a new database, in nanoseconds. */
async function measureMigration(engine: SharedEngine): Promise<number> {
  const { place } = await database(engine);
  const worker = await startWorker();
  await worker.ask({ do: 'open', place });
  const { startedAt, endedAt } = await worker.ask<CallReport>({ do: 'migrate', at: soon() });
  await worker.ask({ do: 'close' });
  await worker.stop();
  return Number(endedAt - startedAt);
}

describeEach(sharedEngines(), { timeout: 60_000 })('on $name', (engine) => {
  test('six processes migrate a new database at once, ten times over', async () => {
    const workers = await withWorkers(6);
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const { place } = await database(engine);
      await Promise.all(workers.map((worker) => worker.ask({ do: 'open', place })));
      const at = soon();
      const reports = await Promise.all(
        workers.map((worker) => worker.ask<CallReport>({ do: 'migrate', at })),
      );
      expect(reports.map(({ outcome }) => outcome)).toEqual(Array(6).fill('done'));
      const errors = await Promise.all(
        workers.map((worker) => worker.ask<readonly string[]>({ do: 'close' })),
      );
      expect(errors.flat()).toEqual([]);
      await expectWorkingSchema(place);
    }
  });

  test('whoever comes after a process that was killed while migrating finishes the work', async () => {
    const duration = await measureMigration(engine);
    let finished = 0;
    const left: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const { place } = await database(engine);
      // Anywhere in its share of the time, so that all of it is met.
      const after = ((kill + Math.random()) / kills) * duration;
      finished += Number(await killWhileMigrating(place, after));
      left.push(await countTables(place));
      await expectWorkingSchema(place);
    }
    const took = (duration / 1e6).toFixed(0);
    const found = `tables found afterwards: ${left.join(', ')}`;
    console.log(`\n${engine.name}: ${kills} kills within ${took} ms; ${found}\n`);
    expect(finished).toBeLessThan(kills);
  });
});

test('six storages in one PGlite process migrate at once, ten times over', async () => {
  const db = new Kysely<object>({ dialect: pgliteDialect() });
  onTestFinished(() => db.destroy());
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const schema = `oum_${repetition}`;
    await sql`create schema ${sql.id(schema)}`.execute(db);
    const storages = Array.from({ length: 6 }, () => kyselyStorage(db, { schema }));
    await Promise.all(storages.map((storage) => storage.migrate()));
    const [storage] = storages;
    if (!storage) throw new Error('there are no storages');
    const arena = await createArena(managerOn(storage), 'acme', 2);
    await arena.join('u_1');
    const { organization } = await storage.load({ orgId: 'acme' });
    expect(organization?.activeMembers).toBe(2);
  }
});
