import { type RawBuilder, sql } from 'kysely';
import { OrgUserManagerError } from '../../../src/index.ts';
import type { SqlEngine } from '../../sql/engine.ts';
import type { SqlSession } from './session.ts';

/** A setting of the server or the session on which a promise rests. */
interface Setting {
  /** The values that are supported, in words. */
  readonly needed: string;
  readonly isSupported: (value: string) => boolean;
}

const is = (needed: string): Setting => ({ needed, isSupported: (value) => value === needed });

const isNot = (unsupported: string): Setting => ({
  needed: `anything but ${unsupported}`,
  isSupported: (value) => value.toLowerCase() !== unsupported.toLowerCase(),
});

/** The guide to databases (../README.md) lists these settings, and those that make no difference. */
const settings: Readonly<Record<SqlEngine['name'], Readonly<Record<string, Setting>>>> = {
  mysql: {
    // With NO_BACKSLASH_ESCAPES mysql2 still escapes with backslashes, so that any text in a statement of the
    // application can become SQL; ours send texts as digits, see `withHexTexts`. With ORACLE, `begin` begins a
    // block of code and no transaction.
    sql_mode: {
      needed: 'a list without NO_BACKSLASH_ESCAPES and ORACLE',
      isSupported: (value) => !/\b(NO_BACKSLASH_ESCAPES|ORACLE)\b/.test(value),
    },
    // A CHECK refuses charges beyond a limit. MySQL has no such setting.
    check_constraint_checks: is('ON'),
    // A unique index refuses a second pending invitation of an address.
    unique_checks: is('ON'),
    // A charge is one statement without a transaction around it: it would never be committed.
    autocommit: is('ON'),
    // With CHAIN a commit begins the next transaction, in which a charge would never be committed.
    completion_type: is('NO_CHAIN'),
    // Other character sets lack letters, which come back as question marks. An empty value converts nothing.
    character_set_results: {
      needed: 'utf8mb4, such as by the option charset of the driver',
      isSupported: (value) => value === 'utf8mb4' || value === '',
    },
    // With the other character sets MariaDB reads no JSON path, and bulk invitations fail.
    character_set_connection: {
      needed: 'a character set that has ASCII in single bytes, such as utf8mb4',
      isSupported: (value) => !/^(ucs2|utf16|utf16le|utf32)$/.test(value),
    },
    // With a lower value, lists and look-ups of many people would be cut without an error.
    sql_select_limit: is('18446744073709551615'),
    // Rows that are sorted are compared by so many bytes: with fewer than 4 for each character of an id, the
    // longest of what lists are sorted by, a cursor would leave rows out and repeat others.
    max_sort_length: {
      needed: `at least ${4 * 255}`,
      isSupported: (value) => Number(value) >= 4 * 255,
    },
    // With READ-UNCOMMITTED, events would be emitted before a commit, and access granted that is undone.
    // MariaDB 10 has the names tx_*, later versions and MySQL 8 have transaction_*.
    tx_isolation: isNot('READ-UNCOMMITTED'),
    transaction_isolation: isNot('READ-UNCOMMITTED'),
    tx_read_only: is('OFF'),
    transaction_read_only: is('OFF'),
    // A replica lags behind: a member who was disabled would still have access.
    read_only: is('OFF'),
  },
  postgres: {
    // Other encodings lack letters; SQL_ASCII would count bytes as letters.
    server_encoding: is('UTF8'),
    // Drivers write UTF-8, which SQL_ASCII on the client's side leaves as it is.
    client_encoding: {
      needed: 'UTF8',
      isSupported: (value) => value === 'UTF8' || value === 'SQL_ASCII',
    },
    default_transaction_read_only: is('off'),
    // A standby lags behind: a member who was disabled would still have access.
    in_hot_standby: is('off'),
  },
  sqlite: {
    // A CHECK refuses charges beyond a limit.
    ignore_check_constraints: is('0'),
    // UTF-16 texts are sorted by their bytes, which would put lists in another order.
    encoding: is('UTF-8'),
    query_only: is('0'),
    // Without a journal no transaction can be undone.
    journal_mode: isNot('off'),
    // With 1, connections that share a cache see changes before they are committed.
    read_uncommitted: is('0'),
  },
};

type Read = (db: SqlSession['db'], names: readonly string[]) => Promise<readonly unknown[]>;

/** How the settings of these names are read. A server knows no names of another version. */
const readSettings: Readonly<Record<SqlEngine['name'], Read>> = {
  mysql: (db, names) =>
    rowsOf(db, sql`show variables where variable_name in (${sql.join(names.map(sql.lit))})`),
  postgres: (db, names) =>
    rowsOf(
      db,
      sql`select name as "Variable_name", setting as "Value" from pg_catalog.pg_settings
        where name in (${sql.join(names.map(sql.lit))})`,
    ),
  async sqlite(db, names) {
    const settings: unknown[] = [];
    for (const name of names) {
      const [row] = await rowsOf(db, sql.raw(`pragma ${name}`));
      const value = Reflect.get(Object(row), name);
      if (row) settings.push({ Variable_name: name, Value: String(value) });
    }
    return settings;
  },
};

async function rowsOf(
  db: SqlSession['db'],
  query: RawBuilder<unknown>,
): Promise<readonly unknown[]> {
  const { rows } = await query.execute(db);
  return rows;
}

/**
 * Checks that the database and its driver are set so that the promises of this package hold. Throws
 * `unsupported_setting`. Connections that are set otherwise later are not noticed.
 */
export async function checkSettings({ db, engine }: SqlSession): Promise<void> {
  const known = new Map(Object.entries(settings[engine.name]));
  for (const row of await readSettings[engine.name](db, [...known.keys()])) {
    const { Variable_name: name, Value: found } = Object(row);
    if (typeof name !== 'string' || typeof found !== 'string') {
      throw new OrgUserManagerError('unsupported_setting', {
        setting: 'the form of rows',
        found: 'arrays or bytes',
        needed: 'objects, with texts as strings',
      });
    }
    const setting = known.get(name);
    if (setting && !setting.isSupported(found)) {
      const { needed } = setting;
      throw new OrgUserManagerError('unsupported_setting', { setting: name, found, needed });
    }
  }
}
