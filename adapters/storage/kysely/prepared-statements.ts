import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';

/** A statement with a name: a connection of `pg` that has prepared it does not send its text again. */
interface NamedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** A client of a pool of `pg`, as far as Kysely needs it, and its named statements. */
export interface PreparingClient extends Pick<PostgresPoolClient, 'release' | 'processID'> {
  /** Runs a statement, or opens a cursor. */
  query<R>(text: string, values: unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(statement: NamedStatement): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
}

/** A pool of `pg`. */
export interface PreparingPool extends Omit<PostgresPool, 'connect'> {
  /** Takes a client out of the pool until it is released. */
  connect(): Promise<PreparingClient>;
}

/**
 * A pool of `pg` for Kysely's `PostgresDialect` whose connections prepare what they are asked again: the
 * server parses and plans a charge, or a check of a member, once for each connection. At most 200
 * statements are prepared.
 *
 * Not for a pooler that gives each statement another connection and does not know prepared statements, such
 * as PgBouncer before 1.21 in transaction mode.
 *
 * @see {@link https://www.postgresql.org/docs/current/sql-prepare.html}
 *
 * @example
 * import { Kysely, PostgresDialect } from 'kysely';
 * import { kyselyStorage, withPreparedStatements } from 'org-user-manager/kysely';
 * import { Pool } from 'pg';
 *
 * const pool = new Pool({ connectionString: 'postgres://127.0.0.1/app' });
 * const dialect = new PostgresDialect({ pool: withPreparedStatements(pool) });
 * const storage = kyselyStorage(new Kysely({ dialect }));
 */
export function withPreparedStatements(pool: PreparingPool): PostgresPool {
  const known = preparingPools.get(pool) ?? preparingPool(pool);
  preparingPools.set(pool, known);
  return known;
}

// One for a pool: two of them would give its connections one name for two statements.
const preparingPools = new WeakMap<PreparingPool, PostgresPool>();

function preparingPool(pool: PreparingPool): PostgresPool {
  const names = createStatementNames();
  // Kysely tells new connections by their clients.
  const clients = new WeakMap<PreparingClient, PostgresPoolClient>();
  const { options, Client } = pool;
  return {
    options,
    ...(Client && { Client }),
    async connect() {
      const client = await pool.connect();
      const known = clients.get(client) ?? preparing(client, names);
      clients.set(client, known);
      return known;
    },
    end: () => pool.end(),
  };
}

function preparing(client: PreparingClient, names: StatementNames): PostgresPoolClient {
  async function run<R>(text: string, given: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const values = [...given];
    // Without values it is a single message anyway.
    const name = values.length === 0 ? undefined : names.of(text);
    if (name === undefined) return client.query(text, values);
    try {
      return await client.query({ name, text, values });
    } catch (error) {
      if (!isOutdated(error)) throw error;
      names.replace(text);
      // It was refused before it did anything. Without a name, it meets nothing that is prepared.
      return await client.query<R>(text, values).catch((second) => {
        // Inside a transaction, which is lost now, so is this; the first error is the reason.
        throw isInLostTransaction(second) ? error : second;
      });
    }
  }

  function query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query<R>(asked: string | PostgresCursor<R>, values: readonly unknown[] = []) {
    return typeof asked === 'string' ? run<R>(asked, values) : client.query(asked);
  }

  return {
    get processID() {
      return client.processID;
    },
    query,
    release: (destroy) => client.release(destroy),
  };
}

/** The names of statements that are worth preparing. */
interface StatementNames {
  /** Undefined for one that is not. */
  of(text: string): string | undefined;
  /** Gives it another name: what is prepared under the old one does not fit any more. */
  replace(text: string): void;
}

// Each takes memory of each connection, in the server and here.
const mostNames = 200;
// What a host's own code makes up anew each time must not fill the memory.
const mostSeen = 1000;

function createStatementNames(): StatementNames {
  const seen = new Set<string>();
  const names = new Map<string, string>();
  let count = 0;

  function nameAnew(text: string): string {
    count += 1;
    const name = `oum_${count}`;
    names.set(text, name);
    return name;
  }

  return {
    of(text) {
      const known = names.get(text);
      if (known !== undefined) return known;
      if (!seen.has(text)) {
        if (seen.size >= mostSeen) seen.clear();
        seen.add(text);
        return undefined;
      }
      return names.size < mostNames ? nameAnew(text) : undefined;
    },
    replace: nameAnew,
  };
}

// The result has other columns now; the server does not know the name, or knows it already.
const outdated = ['0A000', '26000', '42P05'];

const isInLostTransaction = (error: unknown) => Object(error).code === '25P02';

const isOutdated = (error: unknown) => outdated.includes(Object(error).code);
