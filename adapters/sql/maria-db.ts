import { type Kysely, sql } from 'kysely';

/** The version of a MariaDB, such as 10.11; undefined for MySQL, whose SQL does not tell them apart. */
export async function mariaDbVersion<DB>(db: Kysely<DB>): Promise<readonly number[] | undefined> {
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(db);
  const [version = ''] = rows.map((row) => row.version);
  if (!version.includes('MariaDB')) return undefined;
  // Some servers put another version before their own, for the eyes of old clients.
  const [own = ''] = version.replace(/^5\.5\.5-/, '').split('-');
  return own.split('.').map(Number);
}
