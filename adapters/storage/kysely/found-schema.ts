import { OrgUserManagerError } from '../../../src/index.ts';
import { readCatalog } from '../../sql/catalog.ts';
import { isThere, lacking, shapeOf } from '../../sql/table-shape.ts';
import { ledgerTable, type Migration, migrations } from './migrations/index.ts';
import type { SqlSession } from './session.ts';

/** What a database has of our schema, which this version can use or bring up to date. */
export interface FoundSchema {
  /** Whether there is a schema to create tables in. */
  readonly isThere: boolean;
  /** How it compares with what this version knows. */
  readonly version: 'absent' | 'older' | 'current';
  /** The migrations that have not been made, in order. */
  readonly pending: readonly Migration[];
}

/**
 * Reads what is in the schema, or else in the one in which the connection creates tables. Throws
 * `schema_outdated` when a newer version has made a breaking migration, and `schema_mismatch` when tables
 * are not as this package creates them.
 */
export async function readSchema(
  { db, engine }: Pick<SqlSession, 'db' | 'engine'>,
  schema: string | undefined,
): Promise<FoundSchema> {
  const known = migrations(engine);
  const shapesOf = ({ tables }: Pick<Migration, 'tables'>) =>
    tables.map((table) => shapeOf(db, engine, table));
  const ledger = shapeOf(db, engine, ledgerTable);
  const tables = [ledger, ...known.flatMap(shapesOf)];
  const catalog = await readCatalog(db, engine, { schema, tables });
  const rows =
    lacking(ledger, catalog).length === 0
      ? await db.selectFrom('oum_migration').select(['name', 'breaking']).execute()
      : [];
  const isKnown = (row: LedgerRow) => known.some(({ name }) => name === row.name);
  if (rows.some((row) => Number(row.breaking) === 1 && !isKnown(row))) {
    throw new OrgUserManagerError('schema_outdated', { found: 'newer' });
  }
  const isMade = (migration: Migration) => rows.some(({ name }) => name === migration.name);
  const pending = known.filter((migration) => !isMade(migration));
  const expected = known.filter(isMade).flatMap(shapesOf);
  // What was there before, or what a migration that was killed has left.
  const left = [ledger, ...pending.flatMap(shapesOf)].filter((shape) => isThere(shape, catalog));
  const mismatched = [...expected, ...left]
    .map((shape) => ({ name: shape.name, lacks: lacking(shape, catalog) }))
    .filter(({ lacks }) => lacks.length > 0);
  if (mismatched.length > 0) {
    throw new OrgUserManagerError('schema_mismatch', { tables: mismatched });
  }
  const found = pending.length === known.length ? 'absent' : 'older';
  const version = pending.length === 0 ? 'current' : found;
  return { isThere: catalog.has('schema'), version, pending };
}

interface LedgerRow {
  readonly name: string;
  readonly breaking: number;
}
