import { CompiledQuery, type DatabaseConnection, type Kysely, type Logger } from 'kysely';
import type { OnServers } from '../fixtures/servers.ts';

/** A setting of the server, the session or the driver. */
export interface Setting extends OnServers {
  readonly engine: 'MariaDB' | 'PostgreSQL' | 'SQLite';
  readonly title: string;
  /** Opens a database whose connections have the setting. */
  open(log?: Logger): Kysely<object>;
}

/** A setting with which no call is made. */
export interface RefusedSetting extends Setting {
  /** The end of the error's message: the setting, its value, and what is needed. */
  readonly message: string;
}

/** Runs a statement on each new connection of a dialect. */
export const onCreateConnection = (statement: string) => ({
  onCreateConnection: async (connection: DatabaseConnection): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(statement));
  },
});

/**
 * Reads the values of a row one after another, and another one than it has behind a name: for settings of a
 * whole server, which a test must not change.
 */
export function pretending(name: string, value: string): (text: unknown) => unknown {
  let last: unknown;
  return (text) => {
    const read = last === name ? value : text;
    last = text;
    return read;
  };
}
