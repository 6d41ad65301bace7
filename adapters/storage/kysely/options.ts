import { checkOptions, type OptionRules } from '../../../src/access/check-options.ts';

/** What `kyselyStorage()` takes beside the Kysely instance. */
export interface KyselyStorageOptions {
  /**
   * The database schema that holds the tables; `migrate()` creates it if it is absent. Default: the one in
   * which the connection creates tables, and no other. Not for SQLite.
   */
  readonly schema?: string | undefined;
  /** What the tables' names begin with, such as `members_`. Default: `oum_`. */
  readonly tablePrefix?: string | undefined;
}

/** What the tables' names begin with in this code. */
export const ownPrefix = 'oum_';

// Short enough for the longest of our index names on every engine (PostgreSQL: 63 characters).
const isIdentifier = (value: unknown) =>
  typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]{0,23}$/.test(value);

// A prefix that only goes on where ours ends cannot be distinguished from it.
const isPrefix = (value: unknown) =>
  isIdentifier(value) && (value === ownPrefix || !String(value).startsWith(ownPrefix));

const identifierRule = 'must be a plain identifier of at most 24 letters, digits and _';

const rules: OptionRules<KyselyStorageOptions> = {
  schema: { holds: isIdentifier, message: identifierRule },
  tablePrefix: { holds: isPrefix, message: `${identifierRule}, and not begin with ${ownPrefix}` },
};

/** Checks the options and fills in the default. Throws `invalid_options`. */
export function parseOptions(options: KyselyStorageOptions) {
  return checkOptions(options, rules, { tablePrefix: ownPrefix });
}
