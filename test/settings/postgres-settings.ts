import { Kysely, type Logger, PostgresDialect } from 'kysely';
import { Pool, type PoolConfig, types } from 'pg';
import { postgresUrl } from '../fixtures/servers.ts';
import { onCreateConnection, pretending, type RefusedSetting, type Setting } from './setting.ts';

const settings = [
  'backslash_quote = off',
  'backslash_quote = on',
  'bytea_output = escape',
  'client_encoding = SQL_ASCII',
  `datestyle = 'German'`,
  `datestyle = 'SQL, DMY'`,
  'default_transaction_deferrable = on',
  `default_transaction_isolation = 'read uncommitted'`,
  `default_transaction_isolation = 'repeatable read'`,
  'default_transaction_isolation = serializable',
  'enable_indexscan = off',
  'extra_float_digits = -15',
  `idle_in_transaction_session_timeout = '5s'`,
  'intervalstyle = iso_8601',
  'intervalstyle = sql_standard',
  `lock_timeout = '5s'`,
  'plan_cache_mode = force_generic_plan',
  'quote_all_identifiers = on',
  'row_security = off',
  `search_path = ''`,
  'search_path = pg_catalog, nowhere',
  'session_replication_role = replica',
  'standard_conforming_strings = off',
  `statement_timeout = '5s'`,
  'synchronous_commit = off',
  `timezone = 'Pacific/Kiritimati'`,
  'transform_null_equals = on',
];

// The numbers of PostgreSQL's types.
const integers = [20, 23];
const texts = [25];

// What applications register with `types.setTypeParser`, here for one pool only.
const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  BigInt,
  Number,
  String,
};

const toConfig = (ofTypes: readonly number[], parse: (text: string) => unknown): PoolConfig => ({
  types: {
    getTypeParser: (type: number, format?: 'text' | 'binary') =>
      ofTypes.includes(type) ? parse : types.getTypeParser(type, format),
  },
});

/** A database whose new connections have a setting, through a driver with options. */
function openPostgres(setting: string, driver: PoolConfig, log?: Logger): Kysely<object> {
  const pool = new Pool({ connectionString: postgresUrl, max: 4, ...driver });
  const dialect = new PostgresDialect({ pool, ...onCreateConnection(`set ${setting}`) });
  return new Kysely<object>({ dialect, ...(log && { log }) });
}

const toSetting = (setting: string): Setting => ({
  engine: 'PostgreSQL',
  needs: ['PostgreSQL'],
  title: setting,
  open: (log) => openPostgres(setting, {}, log),
});

const toDriverSetting = (title: string, driver: PoolConfig): Setting => ({
  ...toSetting(title),
  open: (log) => openPostgres('row_security = on', driver, log),
});

/** Settings of PostgreSQL and pg with which every call works. */
export const supportedByPostgres: readonly Setting[] = [
  ...settings.map(toSetting),
  ...Object.entries(parsers).map(([name, parse]) =>
    toDriverSetting(`pg parses integers with ${name}`, toConfig(integers, parse)),
  ),
];

const refused: readonly (readonly [setting: string, message: string])[] = [
  ['client_encoding = LATIN1', 'client_encoding is LATIN1, needed: UTF8'],
  ['default_transaction_read_only = on', 'default_transaction_read_only is on, needed: off'],
];

const ofServers: Readonly<Record<string, readonly [value: string, needed: string]>> = {
  in_hot_standby: ['on', 'off'],
  server_encoding: ['SQL_ASCII', 'UTF8'],
};

/** Settings of PostgreSQL that are refused. */
export const refusedOfPostgres: readonly RefusedSetting[] = [
  ...refused.map(([setting, message]) => ({ ...toSetting(setting), message })),
  ...Object.entries(ofServers).map(([name, [value, needed]]) => ({
    ...toDriverSetting(`${name} = ${value}`, toConfig(texts, pretending(name, value))),
    message: `${name} is ${value}, needed: ${needed}`,
  })),
];
