import Database from 'better-sqlite3';
import { Kysely, type Logger, SqliteDialect } from 'kysely';
import { sqliteFile } from '../fixtures/sqlite-file.ts';
import { onCreateConnection, type RefusedSetting, type Setting } from './setting.ts';

const settings = [
  'automatic_index = off',
  'case_sensitive_like = on',
  'cell_size_check = on',
  'foreign_keys = off',
  'legacy_alter_table = on',
  'recursive_triggers = on',
  'reverse_unordered_selects = on',
  'secure_delete = on',
  'synchronous = off',
  'temp_store = memory',
  'trusted_schema = off',
];

function openSqlite(setting: string, database: Database.Database, log?: Logger): Kysely<object> {
  const dialect = new SqliteDialect({ database, ...onCreateConnection(`pragma ${setting}`) });
  return new Kysely<object>({ dialect, ...(log && { log }) });
}

const toSetting = (setting: string): Setting => ({
  engine: 'SQLite',
  needs: [],
  title: setting,
  open: (log) => openSqlite(setting, new Database(':memory:'), log),
});

/** Settings of SQLite and better-sqlite3 with which every call works. */
export const supportedBySqlite: readonly Setting[] = [
  ...settings.map(toSetting),
  {
    ...toSetting('better-sqlite3 defaultSafeIntegers'),
    open: (log) => {
      const database = new Database(':memory:').defaultSafeIntegers(true);
      return openSqlite('foreign_keys = on', database, log);
    },
  },
];

const refused: readonly (readonly [setting: string, message: string])[] = [
  [`encoding = 'UTF-16be'`, 'encoding is UTF-16be, needed: UTF-8'],
  [`encoding = 'UTF-16le'`, 'encoding is UTF-16le, needed: UTF-8'],
  ['ignore_check_constraints = on', 'ignore_check_constraints is 1, needed: 0'],
  ['query_only = on', 'query_only is 1, needed: 0'],
  ['read_uncommitted = on', 'read_uncommitted is 1, needed: 0'],
];

/** Settings of SQLite that are refused. */
export const refusedOfSqlite: readonly RefusedSetting[] = [
  ...refused.map(([setting, message]) => ({ ...toSetting(setting), message })),
  {
    ...toSetting('journal_mode = off'),
    // A database in memory has a journal of its own, and the driver forbids to do without one.
    open: (log) => openSqlite('journal_mode = off', new Database(sqliteFile()).unsafeMode(), log),
    message: 'journal_mode is off, needed: anything but off',
  },
];
