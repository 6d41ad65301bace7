import { OrgUserManagerError } from '../../../src/index.ts';

/** What `kyselyStorage()` takes beside the Kysely instance. */
export interface KyselyStorageOptions {
  /** The database schema that holds the tables. Default: whatever the connection looks in. */
  readonly schema?: string | undefined;
  /** What the tables' names begin with, such as `members_`. Default: `oum_`. */
  readonly tablePrefix?: string | undefined;
}

/** What the tables' names begin with in this code. */
export const ownPrefix = 'oum_';

// Short enough for the longest of our index names on every engine (PostgreSQL: 63 characters).
const identifier = /^[A-Za-z_][A-Za-z0-9_]{0,23}$/;
const optionNames = ['schema', 'tablePrefix'];

/** Checks the options. Throws `invalid_options`. */
export function parseOptions(options: KyselyStorageOptions): KyselyStorageOptions {
  const { schema, tablePrefix } = options;
  const message = 'must be a plain identifier of at most 24 letters, digits and _';
  const issues = [
    ...Object.keys(options)
      .filter((name) => !optionNames.includes(name))
      .map((path) => ({ path, message: 'is not known' })),
    ...(isIdentifier(schema) ? [] : [{ path: 'schema', message }]),
    ...(isIdentifier(tablePrefix) ? [] : [{ path: 'tablePrefix', message }]),
    ...(tablePrefix !== ownPrefix && String(tablePrefix).startsWith(ownPrefix)
      ? [{ path: 'tablePrefix', message: `must not begin with ${ownPrefix}` }]
      : []),
  ];
  if (issues.length > 0) throw new OrgUserManagerError('invalid_options', { issues });
  return { schema, tablePrefix };
}

function isIdentifier(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && identifier.test(value));
}
