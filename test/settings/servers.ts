import { Kysely, type Logger, MysqlDialect, PostgresDialect, sql } from 'kysely';
import { createPool } from 'mysql2';
import type { Storage } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { Pool } from 'pg';
import { createSchemaPool, type SchemaPool } from '../fixtures/schema-pool.ts';
import { mariadbUrl, postgresUrl } from '../fixtures/servers.ts';
import type { Setting } from './setting.ts';

/** A server through connections without any setting, and schemas for storages with one. */
export interface SettingServer {
  readonly db: Kysely<object>;
  readonly schemas: SchemaPool;
}

/** Opens the server of an engine until the tests of the file, or of the suite, have run. SQLite has none. */
export function openServer(engine: Setting['engine']): SettingServer | undefined {
  if (engine === 'SQLite') return undefined;
  const dialect =
    engine === 'MariaDB'
      ? new MysqlDialect({ pool: createPool(mariadbUrl) })
      : new PostgresDialect({ pool: new Pool({ connectionString: postgresUrl }) });
  const db = new Kysely<object>({ dialect });
  return { db, schemas: createSchemaPool(db) };
}

/** A storage with the setting. Connections without it create its schema, and empty it afterwards. */
export function createStorage(
  { open }: Setting,
  server: SettingServer | undefined,
  log?: Logger,
): Storage {
  const db = open(log);
  if (!server) return { ...kyselyStorage(db), close: () => db.destroy() };
  const schema = server.schemas.take();
  const storage = kyselyStorage(db, { schema });
  return {
    ...storage,
    async migrate() {
      await sql`create schema if not exists ${sql.id(schema)}`.execute(server.db);
      await storage.migrate();
    },
    async close() {
      await db.destroy();
      await server.schemas.giveBack(schema);
    },
  };
}
