import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { SqliteDatabase } from 'kysely';
import { Pool } from 'pg';
import { cacheStatements } from '../../../adapters/storage/sqlite/statement-cache.ts';

/** Databases on one engine, each empty and of its own. */
export interface Engine {
  readonly name: 'SQLite file' | 'PostgreSQL';
  readonly type: 'sqlite' | 'postgres';
  /** How many calls run at once where calls are made one by one. */
  readonly concurrency: number;
  open(): Promise<BenchDatabase>;
  close(): Promise<void>;
}

/** One empty database. */
export interface BenchDatabase {
  /** What Kysely's dialects take; everybody brings a Kysely of their own. */
  readonly native: { readonly sqlite: SqliteDatabase } | { readonly pool: Pool };
  /** Where its tables are, if that has a name. */
  readonly schema?: string;
  /** Runs one statement, prepared at its first time; placeholders as the engine has them. */
  run(sql: string, values: readonly unknown[]): Promise<unknown>;
}

/** A file with the settings that `sqliteStorage` opens files with. */
export async function sqliteEngine(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'org-user-manager-bench-'));
  const opened: Database.Database[] = [];
  return {
    name: 'SQLite file',
    type: 'sqlite',
    concurrency: 1,
    async open() {
      const database = new Database(join(folder, `${opened.length}.sqlite`));
      opened.push(database);
      database.pragma('journal_mode = wal');
      database.pragma('synchronous = normal');
      const prepared = new Map<string, Database.Statement>();
      return {
        // For everybody, as `sqliteStorage` has it.
        native: { sqlite: cacheStatements(database) },
        async run(sql, values) {
          const statement = prepared.get(sql) ?? database.prepare(sql);
          prepared.set(sql, statement);
          return statement.run(...values);
        },
      };
    },
    async close() {
      for (const database of opened) database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const url = process.env.POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test';

/** A schema of its own for each database; nothing when the server does not answer. */
export async function postgresEngine(): Promise<Engine | undefined> {
  const admin = new Pool({ connectionString: url, max: 1 });
  const isUp = await admin.query('select 1').then(
    () => true,
    () => false,
  );
  if (!isUp) return undefined;
  const opened: { readonly schema: string; readonly pool: Pool }[] = [];
  return {
    name: 'PostgreSQL',
    type: 'postgres',
    concurrency: 32,
    async open() {
      const schema = `bench_${crypto.randomUUID().slice(0, 8)}`;
      await admin.query(`create schema ${schema}`);
      const options = `-c search_path=${schema}`;
      const pool = new Pool({ connectionString: url, max: 10, options });
      opened.push({ schema, pool });
      return {
        native: { pool },
        schema,
        run: (text, values) => pool.query({ name: String(text.length), text, values: [...values] }),
      };
    },
    async close() {
      for (const { schema, pool } of opened) {
        await pool.end();
        await admin.query(`drop schema ${schema} cascade`);
      }
      await admin.end();
    },
  };
}

/** How many statements have run. */
export interface StatementCount {
  statements: number;
}

/** A logger of Kysely that counts; what begins and ends a transaction left out. */
export function countStatement(count: StatementCount) {
  return ({ query }: { readonly query: { readonly sql: string } }) => {
    if (!/^(?:begin|start transaction|commit|rollback)/i.test(query.sql)) count.statements++;
  };
}
