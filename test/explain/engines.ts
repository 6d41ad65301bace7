import Database from 'better-sqlite3';
import {
  type CompiledQuery,
  type Dialect,
  Kysely,
  MysqlDialect,
  PostgresDialect,
  SqliteDialect,
  sql,
} from 'kysely';
import { createPool } from 'mysql2';
import { Pool } from 'pg';
import { pgliteDialect } from '../fixtures/pglite.ts';
import { mariadbUrl, type OnServers, postgresUrl } from '../fixtures/servers.ts';
import {
  type CountedRows,
  countRows,
  type Explained,
  explainMysql,
  explainPostgres,
  explainSqlite,
} from './plans.ts';

/** An engine with an empty database of its own. */
export interface ExplainingEngine extends OnServers {
  readonly name: string;
  /** How many members and how many invitations to make. */
  readonly rows: number;
  /** Opens the database, with one connection. */
  open(log: (query: CompiledQuery) => void): Promise<Kysely<object>>;
  /** Whether it begins with the organizations and rows of an engine before. */
  isFilled?(): boolean;
  /** What a database that has been running for a while has done: its statistics are up to date. */
  settle(db: Kysely<object>): Promise<void>;
  explain(db: Kysely<object>, query: CompiledQuery): Promise<Explained>;
  drop(): Promise<void>;
}

const many = 200_000;
// PGlite takes half a minute for as many; what it plans is PostgreSQL's.
const manyForPglite = process.env.OUM_THOROUGH ? many : 40_000;
const name = `oum_${crypto.randomUUID().slice(0, 18).replaceAll('-', '_')}`;
const open = (dialect: Dialect, log: (query: CompiledQuery) => void) =>
  new Kysely<object>({ dialect, log: ({ query }) => log(query) });

async function settlePostgres(db: Kysely<object>): Promise<void> {
  await sql`vacuum analyze`.execute(db);
  // The default is for turning disks; there, reading a table that is mostly one organization's whole
  // is cheaper than its index.
  await sql`set random_page_cost = 1.1`.execute(db);
}

// The rows of the first engine on SQLite, before it makes statistics: the second one begins with a copy.
let filled: Buffer | undefined;

function sqlite(name: string, settle: (db: Kysely<object>) => Promise<void>): ExplainingEngine {
  let database: Database.Database | undefined;
  let counted: CountedRows = new Map();
  return {
    name,
    needs: [],
    rows: many,
    async open(log) {
      database = new Database(filled ?? ':memory:');
      counted = countRows(database);
      return open(new SqliteDialect({ database }), log);
    },
    isFilled: () => filled !== undefined,
    async settle(db) {
      filled ??= database?.serialize();
      await settle(db);
    },
    explain: (db, query) => explainSqlite(db, query, counted),
    drop: async () => undefined,
  };
}

const pglite: ExplainingEngine = {
  name: 'PGlite',
  needs: [],
  rows: manyForPglite,
  open: async (log) => open(pgliteDialect(), log),
  settle: settlePostgres,
  explain: explainPostgres,
  drop: async () => undefined,
};

const postgres = (connectionString: string) =>
  new PostgresDialect({ pool: new Pool({ connectionString, max: 1 }) });
const mariadb = (url: string) =>
  new MysqlDialect({ pool: createPool({ uri: url, connectionLimit: 1 }) });

async function onServer(dialect: Dialect, statement: string): Promise<void> {
  const db = new Kysely<object>({ dialect });
  await sql
    .raw(statement)
    .execute(db)
    .finally(() => db.destroy());
}

const postgresql: ExplainingEngine = {
  name: 'PostgreSQL',
  needs: ['PostgreSQL'],
  rows: many,
  async open(log) {
    await onServer(postgres(postgresUrl), `create database ${name}`);
    return open(postgres(new URL(`/${name}`, postgresUrl).href), log);
  },
  settle: settlePostgres,
  explain: explainPostgres,
  drop: () => onServer(postgres(postgresUrl), `drop database if exists ${name}`),
};

const mysql: ExplainingEngine = {
  name: 'MariaDB',
  needs: ['MariaDB'],
  rows: many,
  async open(log) {
    await onServer(mariadb(mariadbUrl), `create schema ${name}`);
    return open(mariadb(new URL(`/${name}`, mariadbUrl).href), log);
  },
  async settle(db) {
    await sql`analyze table oum_member, oum_invitation, oum_mail, oum_audit_entry, oum_usage,
      oum_answer, oum_reservation`.execute(db);
  },
  explain: explainMysql,
  drop: () => onServer(mariadb(mariadbUrl), `drop schema if exists ${name}`),
};

/** SQLite and PGlite, and the servers. */
export const explainingEngines: readonly ExplainingEngine[] = [
  sqlite('better-sqlite3', async (db) => void (await sql`analyze`.execute(db))),
  // Statistics are rarely made on SQLite: it has to find the right indexes without them as well.
  sqlite('better-sqlite3, never analyzed', async () => undefined),
  pglite,
  postgresql,
  mysql,
];
