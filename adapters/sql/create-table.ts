import { type CreateTableBuilder, type Expression, type Kysely, sql } from 'kysely';
import type { SqlEngine } from './engine.ts';
import { mariaDbVersion } from './maria-db.ts';

/** A table with its indexes. */
export interface TableDefinition {
  readonly name: string;
  /** The columns of each index, by what comes after `<table>_by_` in its name. */
  readonly indexes: Readonly<Record<string, readonly string[]>>;
  /** Whether its rows are updated again and again. */
  readonly isBusy?: boolean;
  /** Whether its rows are best kept in its primary key: they are short, and hardly looked up otherwise. */
  readonly isInKeyOrder?: boolean;
  /** Adds columns and constraints; `key` is the type of a text that is looked up or sorted. */
  build(
    table: CreateTableBuilder<string>,
    key: (length: number) => Expression<unknown>,
  ): CreateTableBuilder<string, string>;
}

/**
 * Creates a table unless it is there. May be repeated after a crash: on MySQL, where every statement
 * commits by itself, a migration can stop halfway.
 */
export async function createTable<DB>(
  db: Kysely<DB>,
  engine: SqlEngine,
  definition: TableDefinition,
): Promise<void> {
  const { name, isBusy = false, isInKeyOrder = false } = definition;
  const named = namedIndexes(definition);
  let table = buildTable(db, engine, definition).ifNotExists();
  if (engine.indexesInTable) {
    for (const { index, columns } of named) table = table.addIndex(index, [...columns]);
  }
  if (engine.needsExactCollation) table = table.modifyEnd(await exactCollation(db));
  // The server's default may be one without transactions.
  if (engine.name === 'mysql') table = table.modifyEnd(sql`engine innodb`);
  if (isBusy) table = table.modifyEnd(sql.raw(engine.busyTable));
  if (isInKeyOrder) table = table.modifyEnd(sql.raw(engine.tableInKeyOrder));
  await table.execute();
  if (engine.indexesInTable) return;
  for (const { index, columns } of named) {
    await db.schema
      .createIndex(index)
      .ifNotExists()
      .on(name)
      .columns([...columns])
      .execute();
  }
}

/** The statement that creates a table, with its columns and constraints. */
export function buildTable<DB>(
  db: Kysely<DB>,
  { keyCollation }: SqlEngine,
  { name, build }: TableDefinition,
): CreateTableBuilder<string, string> {
  const key = (length: number) => sql.raw(`varchar(${length}) ${keyCollation}`);
  return build(db.schema.createTable(name), key);
}

/** The indexes of a table, by their names. */
export function namedIndexes({ name, indexes }: TableDefinition) {
  return Object.entries(indexes).map(([suffix, columns]) => ({
    index: `${name}_by_${suffix}`,
    columns,
  }));
}

/** The collation that compares code points, trailing spaces included; it has two names. */
async function exactCollation<DB>(db: Kysely<DB>) {
  return (await mariaDbVersion({ db, own: db })) === undefined
    ? sql`character set utf8mb4 collate utf8mb4_0900_bin`
    : sql`character set utf8mb4 collate utf8mb4_nopad_bin`;
}
