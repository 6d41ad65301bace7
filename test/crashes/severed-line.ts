import { CompiledQuery, Kysely } from 'kysely';
import { type ServerPlace, serverDialect } from '../fixtures/place.ts';

/** Where a connection ends: at a statement of a call, counted from 1. */
export interface Cut {
  readonly at: number;
  /** `unsent`: the statement never arrives. `unanswered`: it is done, and its answer is lost. */
  readonly moment: 'unsent' | 'unanswered';
}

/** A database whose connections end when they are told to. */
export interface SeverableLine {
  readonly db: Kysely<object>;
  /**
   * Runs `work`, and ends the connection that sends the statement in question. Counts statements.
   * Resolves when the pool answers again.
   */
  watch<T>(
    work: () => Promise<T>,
    cut?: Cut,
  ): Promise<{ readonly result: PromiseSettledResult<T>; readonly statements: number }>;
  close(): Promise<void>;
}

interface Administration {
  readonly ownId: string;
  end(id: number): string;
  find(id: number): string;
}

const administrations: Readonly<Record<ServerPlace['engine'], Administration>> = {
  PostgreSQL: {
    ownId: 'select pg_backend_pid() as id',
    end: (id) => `select pg_terminate_backend(${id})`,
    find: (id) => `select pid from pg_stat_activity where pid = ${id}`,
  },
  MariaDB: {
    ownId: 'select connection_id() as id',
    end: (id) => `kill ${id}`,
    find: (id) => `select id from information_schema.processlist where id = ${id}`,
  },
};

/** Opens a pool, and a second one that ends the connections of the first. */
export function openSeverableLine(place: ServerPlace): SeverableLine {
  const { ownId, end, find } = administrations[place.engine];
  const operator = new Kysely<object>({ dialect: serverDialect(place) });
  let statements = 0;
  let planned: Cut | undefined;

  async function sever(id: number): Promise<void> {
    await operator.executeQuery(CompiledQuery.raw(end(id)));
    const isThere = CompiledQuery.raw(find(id));
    while ((await operator.executeQuery(isThere)).rows.length > 0);
  }

  // A pool hands a connection out until it has heard of its end.
  async function recover(): Promise<void> {
    const ask = () => db.executeQuery(CompiledQuery.raw('select 1')).then(Boolean, () => false);
    while (!(await ask()));
  }

  const db = new Kysely<object>({
    dialect: serverDialect(place, {
      async onCreateConnection(connection) {
        const send = connection.executeQuery.bind(connection);
        const { rows } = await send<{ id: number | string }>(CompiledQuery.raw(ownId));
        const id = Number(rows[0]?.id);
        connection.executeQuery = async <R>(query: CompiledQuery) => {
          statements += 1;
          if (statements !== planned?.at) return send<R>(query);
          if (planned.moment === 'unanswered') await send(query);
          await sever(id);
          // Nobody is there to run it; the driver says so in its own words.
          return send<R>(query);
        };
      },
    }),
  });

  return {
    db,
    async watch(work, cut) {
      statements = 0;
      planned = cut;
      const [result] = await Promise.allSettled([work()]);
      const counted = { result, statements };
      planned = undefined;
      if (cut) await recover();
      return counted;
    },
    async close() {
      await db.destroy();
      await operator.destroy();
    },
  };
}
