import { Kysely, sql } from 'kysely';
import type { Storage } from 'org-user-manager';
import { kyselyStorage } from 'org-user-manager/kysely';
import { createSchemaPool } from '../fixtures/schema-pool.ts';
import type { Driver } from './drivers.ts';

/** A table of a host, beside ours. */
export interface HostTables {
  host_project: { readonly id: string };
}

/** A Kysely instance of a host, and an empty storage over it, whose `close` leaves nothing behind. */
export interface Opened {
  readonly db: Kysely<HostTables>;
  readonly storage: Storage;
}

/** Makes storages on one driver: each in a database of its own, or in a schema of one database. */
export function openDriver({ isSqlite, dialect }: Driver): () => Opened {
  if (isSqlite) {
    return () => {
      const db = new Kysely<HostTables>({ dialect: dialect() });
      return { db, storage: { ...kyselyStorage(db), close: () => db.destroy() } };
    };
  }
  const db = new Kysely<HostTables>({ dialect: dialect() });
  const schemas = createSchemaPool(db);
  return () => {
    const schema = schemas.take();
    const storage = kyselyStorage(db, { schema });
    const migrate = async () => {
      await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
      await storage.migrate();
    };
    const close = () => schemas.giveBack(schema);
    return { db: db.withSchema(schema), storage: { ...storage, migrate, close } };
  };
}
