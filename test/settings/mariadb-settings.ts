import { Kysely, type Logger, MysqlDialect } from 'kysely';
import { createPool, type PoolOptions } from 'mysql2';
import { mariadbUrl } from '../fixtures/servers.ts';
import { onCreateConnection, pretending, type RefusedSetting, type Setting } from './setting.ts';

// Every mode of MariaDB 10.11 that is supported, alone: without a strict one nothing is strict.
const modes = [
  '',
  'ALLOW_INVALID_DATES',
  'ANSI',
  'ANSI_QUOTES',
  'DB2',
  'EMPTY_STRING_IS_NULL',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'HIGH_NOT_PRECEDENCE',
  'IGNORE_BAD_TABLE_OPTIONS',
  'IGNORE_SPACE',
  'MAXDB',
  'MSSQL',
  'MYSQL323',
  'MYSQL40',
  'NO_AUTO_CREATE_USER',
  'NO_AUTO_VALUE_ON_ZERO',
  'NO_DIR_IN_CREATE',
  'NO_ENGINE_SUBSTITUTION',
  'NO_FIELD_OPTIONS',
  'NO_KEY_OPTIONS',
  'NO_TABLE_OPTIONS',
  'NO_UNSIGNED_SUBTRACTION',
  'NO_ZERO_DATE',
  'NO_ZERO_IN_DATE',
  'ONLY_FULL_GROUP_BY',
  'PAD_CHAR_TO_FULL_LENGTH',
  'PIPES_AS_CONCAT',
  'POSTGRESQL',
  'REAL_AS_FLOAT',
  'SIMULTANEOUS_ASSIGNMENT',
  'STRICT_ALL_TABLES',
  'STRICT_TRANS_TABLES',
  'TIME_ROUND_FRACTIONAL',
  'TRADITIONAL',
];

const otherSettings = [
  'character_set_client = latin1',
  'character_set_client = sjis',
  'character_set_connection = latin1',
  'character_set_results = null',
  'collation_connection = utf8mb4_bin',
  'default_storage_engine = Aria',
  'foreign_key_checks = 0',
  'group_concat_max_len = 4',
  'innodb_lock_wait_timeout = 1',
  'innodb_snapshot_isolation = 1',
  'lc_time_names = de_DE',
  'max_sort_length = 1020',
  'max_statement_time = 5',
  'sql_auto_is_null = 1',
  'sql_safe_updates = 1',
  `time_zone = '+13:00'`,
  `tx_isolation = 'READ-COMMITTED'`,
  `tx_isolation = 'SERIALIZABLE'`,
];

const options: readonly PoolOptions[] = [
  { bigNumberStrings: true, supportBigNumbers: true },
  { dateStrings: true },
  { decimalNumbers: true },
  { flags: ['-FOUND_ROWS'] },
  { multipleStatements: true },
  { namedPlaceholders: true },
  { stringifyObjects: true },
];

/** A database whose new connections have a setting, through a driver with options. */
function openMariaDb(setting: string, driver: PoolOptions, log?: Logger): Kysely<object> {
  const pool = createPool({ uri: mariadbUrl, connectionLimit: 4, ...driver });
  const dialect = new MysqlDialect({ pool, ...onCreateConnection(`set session ${setting}`) });
  return new Kysely<object>({ dialect, ...(log && { log }) });
}

const toSetting = (setting: string): Setting => ({
  engine: 'MariaDB',
  needs: ['MariaDB'],
  title: setting,
  open: (log) => openMariaDb(setting, {}, log),
});

const toDriverSetting = (
  driver: PoolOptions,
  title = `mysql2 ${JSON.stringify(driver)}`,
): Setting => ({
  ...toSetting(title),
  open: (log) => openMariaDb('autocommit = 1', driver, log),
});

/** Settings of MariaDB and mysql2 with which every call works. */
export const supportedByMariaDb: readonly Setting[] = [
  ...modes.map((mode) => toSetting(`sql_mode = '${mode}'`)),
  ...otherSettings.map(toSetting),
  ...options.map((driver) => toDriverSetting(driver)),
];

const modesNeeded = 'needed: a list without NO_BACKSLASH_ESCAPES and ORACLE';
const resultsNeeded = 'needed: utf8mb4, such as by the option charset of the driver';
const modesOfOracle =
  'PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ORACLE,NO_KEY_OPTIONS,NO_TABLE_OPTIONS,NO_FIELD_OPTIONS,NO_AUTO_CREATE_USER,SIMULTANEOUS_ASSIGNMENT';
const rowsRefused = 'the form of rows is arrays or bytes, needed: objects, with texts as strings';

const refused: readonly (readonly [setting: string, message: string])[] = [
  [`sql_mode = 'NO_BACKSLASH_ESCAPES'`, `sql_mode is NO_BACKSLASH_ESCAPES, ${modesNeeded}`],
  [`sql_mode = 'ORACLE'`, `sql_mode is ${modesOfOracle}, ${modesNeeded}`],
  ['autocommit = 0', 'autocommit is OFF, needed: ON'],
  [
    'character_set_connection = utf16',
    'character_set_connection is utf16, needed: a character set that has ASCII in single bytes, such as utf8mb4',
  ],
  ['character_set_results = binary', rowsRefused],
  ['character_set_results = latin1', `character_set_results is latin1, ${resultsNeeded}`],
  ['character_set_results = utf8mb3', `character_set_results is utf8mb3, ${resultsNeeded}`],
  ['check_constraint_checks = 0', 'check_constraint_checks is OFF, needed: ON'],
  [`completion_type = 'CHAIN'`, 'completion_type is CHAIN, needed: NO_CHAIN'],
  [`completion_type = 'RELEASE'`, 'completion_type is RELEASE, needed: NO_CHAIN'],
  ['max_sort_length = 64', 'max_sort_length is 64, needed: at least 1020'],
  ['max_sort_length = 1019', 'max_sort_length is 1019, needed: at least 1020'],
  ['sql_select_limit = 10', 'sql_select_limit is 10, needed: 18446744073709551615'],
  [
    `tx_isolation = 'READ-UNCOMMITTED'`,
    'tx_isolation is READ-UNCOMMITTED, needed: anything but READ-UNCOMMITTED',
  ],
  ['tx_read_only = 1', 'tx_read_only is ON, needed: OFF'],
  ['unique_checks = 0', 'unique_checks is OFF, needed: ON'],
];

const pretend = pretending('read_only', 'ON');
const readOnly: PoolOptions = { typeCast: (_field, next) => pretend(next()) };

/** Settings of MariaDB and mysql2 that are refused. */
export const refusedOfMariaDb: readonly RefusedSetting[] = [
  ...refused.map(([setting, message]) => ({ ...toSetting(setting), message })),
  { ...toDriverSetting({ rowsAsArray: true }), message: rowsRefused },
  { ...toDriverSetting({ typeCast: false }), message: rowsRefused },
  { ...toDriverSetting(readOnly, 'read_only = 1'), message: 'read_only is ON, needed: OFF' },
];
