import { type Kysely, sql } from 'kysely';
import { type SharedQuestion, sharedQuestion } from './shared-question.ts';

/** The connection that asks for the version, and the connections for which the answer holds. */
export interface Asked<DB> {
  /** A connection or transaction. */
  readonly db: Kysely<DB>;
  /** The storage's own connections: the answer holds for all of them. */
  readonly own: Kysely<DB>;
}

type Version = readonly number[] | undefined;

const questions = new WeakMap<object, SharedQuestion<Version>>();

/**
 * The version of a MariaDB, such as 10.11; undefined for MySQL, for which Kysely writes the same SQL. The
 * server is asked once.
 */
export function mariaDbVersion<DB>({ db, own }: Asked<DB>): Promise<Version> {
  const question = questions.get(own) ?? sharedQuestion<Version>();
  questions.set(own, question);
  return question({ ask: () => askVersion(db), isInTransaction: db.isTransaction });
}

async function askVersion<DB>(db: Kysely<DB>): Promise<Version> {
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(db);
  const [version = ''] = rows.map((row) => row.version);
  if (!version.includes('MariaDB')) return undefined;
  // Some servers put another version before their own, for old clients.
  const [own = ''] = version.replace(/^5\.5\.5-/, '').split('-');
  return own.split('.').map(Number);
}
