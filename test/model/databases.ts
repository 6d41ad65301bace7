import { rmSync } from 'node:fs';
import { Kysely } from 'kysely';
import { kyselyStorage } from 'org-user-manager/kysely';
import { memoryStorage } from 'org-user-manager/memory';
import { readFacts } from '../fixtures/invariants.ts';
import { pgliteDialect } from '../fixtures/pglite.ts';
import { openStorage, openTables, type Place } from '../fixtures/place.ts';
import { type SharedEngine, sharedEngines } from '../fixtures/places.ts';
import type { OnServers } from '../fixtures/servers.ts';
import { sqliteDirectory } from '../fixtures/sqlite-file.ts';
import type { StoredTables } from '../fixtures/stored-tables.ts';
import type { Database } from './stage.ts';

/** A migrated database, and the way to be rid of it. */
export interface OpenDatabase extends Database {
  close(): Promise<void>;
}

/** A kind of database, and how many runs it has time for. */
export interface Engine extends OnServers {
  readonly name: string;
  readonly runs: number;
  open(): Promise<OpenDatabase>;
}

/** Every storage of the tests, with its tables readable past the library where it has any. */
export function modelEngines(): readonly Engine[] {
  const shared = sharedEngines();
  return [
    { name: 'memory', needs: [], runs: 200, open: openMemory },
    { name: 'node:sqlite', needs: [], runs: 80, open: openNodeSqlite },
    { name: 'PGlite', needs: [], runs: 20, open: openPGlite },
    ...shared.map(onShared),
  ];
}

function onShared({ name, needs, create }: SharedEngine): Engine {
  const open = async () => {
    const { place, drop } = await create();
    return openPlace(place, drop);
  };
  return { name, needs, runs: name === 'SQLite' ? 80 : 25, open };
}

async function openMemory(): Promise<OpenDatabase> {
  const storage = memoryStorage({ now: () => 0 });
  return { storage, readFacts: async () => [], close: () => storage.close() };
}

async function openNodeSqlite(): Promise<OpenDatabase> {
  const { directory, filename } = sqliteDirectory();
  const drop = async () => rmSync(directory, { recursive: true });
  return openPlace({ engine: 'SQLite', filename, driver: 'node:sqlite' }, drop);
}

async function openPlace(place: Place, drop: () => Promise<void>): Promise<OpenDatabase> {
  const storage = openStorage(place);
  await storage.migrate();
  const tables = openTables(place);
  return {
    storage,
    readFacts: (orgIds) => readFacts(tables, orgIds),
    async close() {
      await storage.close();
      await tables.destroy();
      await drop();
    },
  };
}

async function openPGlite(): Promise<OpenDatabase> {
  const db = new Kysely<StoredTables>({ dialect: pgliteDialect() });
  const storage = kyselyStorage(db);
  await storage.migrate();
  return { storage, readFacts: (orgIds) => readFacts(db, orgIds), close: () => db.destroy() };
}
