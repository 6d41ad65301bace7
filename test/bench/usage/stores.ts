import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from 'mysql2/promise';
import { Pool } from 'pg';
import type { RateLimitStore, Storage } from '../../../src/index.ts';
import { openStorage, type Place } from '../../fixtures/place.ts';

/** A store of ours on a database of its own, and where a peer finds the same database. */
export interface OpenStore {
  readonly storage: Storage;
  readonly store: RateLimitStore;
  readonly place: Place;
  close(): Promise<void>;
}

const postgresUrl = process.env.POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const mariadbUrl = process.env.MARIADB_URL ?? 'mysql://root@127.0.0.1:3306/test';

async function openAt(place: Place, drop: () => Promise<unknown>): Promise<OpenStore> {
  const storage = openStorage(place);
  await storage.migrate();
  return {
    storage,
    store: storage.rateLimits,
    place,
    async close() {
      await storage.close();
      await drop();
    },
  };
}

export async function openSqlite(): Promise<OpenStore> {
  const directory = mkdtempSync(join(tmpdir(), 'oum-bench-'));
  const filename = join(directory, 'bench.sqlite');
  return openAt({ engine: 'SQLite', filename, driver: 'better-sqlite3' }, async () =>
    rmSync(directory, { recursive: true }),
  );
}

export async function openPostgres(): Promise<OpenStore> {
  const name = `oum_bench_${process.pid}`;
  const admin = new Pool({ connectionString: postgresUrl, max: 1 });
  await admin.query(`create database ${name}`);
  const url = new URL(`/${name}`, postgresUrl).href;
  return openAt({ engine: 'PostgreSQL', url, schema: 'public' }, async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
}

export async function openMariaDb(): Promise<OpenStore> {
  const name = `oum_bench_${process.pid}`;
  const admin = createPool({ uri: mariadbUrl, connectionLimit: 1 });
  await admin.query(`create schema ${name}`);
  return openAt({ engine: 'MariaDB', url: mariadbUrl, schema: name }, async () => {
    await admin.query(`drop schema ${name}`);
    await admin.end();
  });
}
