import { PGlite } from '@electric-sql/pglite';
import BetterSqlite from 'better-sqlite3';
import {
  type Dialect,
  MysqlDialect,
  type MysqlPool,
  PGliteDialect,
  PostgresDialect,
  type SqliteDatabase,
  SqliteDialect,
} from 'kysely';
import { PostgresJSDialect } from 'kysely-postgres-js';
import Libsql from 'libsql';
import { createPool as createMariadbPool } from 'mariadb/callback';
import { createPool as createMysqlPool } from 'mysql2';
import { Pool } from 'pg';
import postgres from 'postgres';
import { openNodeSqlite } from '../fixtures/node-sqlite.ts';
import { mariadbUrl, type OnServers, postgresUrl } from '../fixtures/servers.ts';

/** A driver, set up as the guide of the storage says. */
export interface Driver extends OnServers {
  readonly name: string;
  /** Whether it opens files; without a name each dialect has a database of its own, in memory. */
  readonly isSqlite: boolean;
  dialect(filename?: string): Dialect;
}

const sqlite = (name: string, open: (filename: string) => SqliteDatabase): Driver => ({
  name,
  needs: [],
  isSqlite: true,
  dialect: (filename = ':memory:') => new SqliteDialect({ database: open(filename) }),
});

const onPostgres = { needs: ['PostgreSQL'], isSqlite: false } as const;
const onMariadb = { needs: ['MariaDB'], isSqlite: false } as const;

/** Every driver that the guide names. */
export const drivers: readonly Driver[] = [
  {
    name: 'pg',
    ...onPostgres,
    dialect: () => new PostgresDialect({ pool: new Pool({ connectionString: postgresUrl }) }),
  },
  {
    name: 'postgres.js',
    ...onPostgres,
    // It prints what the server remarks, such as that a table is there already.
    dialect: () =>
      new PostgresJSDialect({ postgres: postgres(postgresUrl, { onnotice: () => undefined }) }),
  },
  {
    name: 'PGlite',
    needs: ['PGlite'],
    isSqlite: false,
    dialect: () => new PGliteDialect({ pglite: new PGlite() }),
  },
  {
    name: 'mysql2',
    ...onMariadb,
    dialect: () => new MysqlDialect({ pool: createMysqlPool(mariadbUrl) }),
  },
  {
    name: 'mariadb',
    ...onMariadb,
    dialect: () => new MysqlDialect({ pool: openMariadb }),
  },
  sqlite('better-sqlite3', (filename) => new BetterSqlite(filename, { timeout: 5 })),
  sqlite('node:sqlite', openNodeSqlite),
  sqlite('libsql', (filename) => new Libsql(filename)),
];

/** Opened when it is needed: a pool of `mariadb` connects at once. */
async function openMariadb(): Promise<MysqlPool> {
  const url = new URL(mariadbUrl.replace(/^mysql:/, 'mariadb:'));
  // Its errors would print the parameters.
  url.searchParams.set('logParam', 'false');
  // Kysely's types are those of mysql2, whose queries are streams, too.
  return Object(createMariadbPool(url.href));
}
