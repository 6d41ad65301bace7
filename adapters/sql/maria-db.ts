import { type Kysely, sql } from 'kysely';

/** The connection that asks for the version, and the connections for which the answer holds. */
export interface Asked<DB> {
  /** A connection or transaction. */
  readonly db: Kysely<DB>;
  /** The storage's own connections: the answer holds for all of them. */
  readonly own: Kysely<DB>;
}

type Version = readonly number[] | undefined;

const answers = new WeakMap<object, Promise<Version>>();

/**
 * The version of a MariaDB, such as 10.11; undefined for MySQL, for which Kysely writes the same SQL. The
 * server is asked once.
 */
export function mariaDbVersion<DB>({ db, own }: Asked<DB>): Promise<Version> {
  const known = answers.get(own);
  if (known) return known;
  const answer = askVersion(db).catch((error: unknown) => {
    // A server that could not be asked is asked again.
    answers.delete(own);
    throw error;
  });
  answers.set(own, answer);
  return answer;
}

async function askVersion<DB>(db: Kysely<DB>): Promise<Version> {
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(db);
  const [version = ''] = rows.map((row) => row.version);
  if (!version.includes('MariaDB')) return undefined;
  // Some servers put another version before their own, for old clients.
  const [own = ''] = version.replace(/^5\.5\.5-/, '').split('-');
  return own.split('.').map(Number);
}
