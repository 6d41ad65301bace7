import { ColumnNode, DataTypeNode, type Kysely, type OperationNode, RawNode } from 'kysely';
import { checksIn } from './checks.ts';
import { buildTable, namedIndexes, type TableDefinition } from './create-table.ts';
import type { SqlEngine } from './engine.ts';

/** What a table has to have, in the words of `readCatalog`. */
export interface TableShape {
  /** With its prefix. */
  readonly name: string;
  /** Its columns, CHECKs, unique keys and indexes, and how its engine has to treat it. */
  readonly parts: readonly string[];
  /** The names of its columns. */
  readonly columns: readonly string[];
}

/** The shape of a table as this package creates it. */
export function shapeOf<DB>(
  db: Kysely<DB>,
  engine: SqlEngine,
  definition: TableDefinition,
): TableShape {
  const built = buildTable(db, engine, definition);
  const { table, columns, constraints = [] } = built.toOperationNode();
  const { name } = table.table.identifier;
  const columnNames = columns.map(({ column }) => column.column.name);
  const unique = (keys: readonly OperationNode[]) => {
    const names = keys.map((key) => (ColumnNode.is(key) ? key.column.name : ''));
    return `unique ${name} (${names.join(', ')})`;
  };
  const parts = treatments[engine.name].map((treatment) => treatment(name));
  for (const { column, dataType, notNull, primaryKey } of columns) {
    const end = notNull || primaryKey ? ' not null' : '';
    parts.push(`column ${name}.${column.column.name} ${typeOf(dataType)}${end}`);
    if (primaryKey) parts.push(unique([column]));
  }
  for (const constraint of constraints) {
    const { kind } = constraint;
    if (kind === 'PrimaryKeyConstraintNode' || kind === 'UniqueConstraintNode') {
      parts.push(unique(constraint.columns));
    }
  }
  parts.push(...checksIn(built.compile().sql, { engine, columns: columnNames }));
  for (const { index, columns: keys } of namedIndexes(definition)) {
    const { name: indexName } = db.schema.createIndex(index).toOperationNode().name;
    parts.push(`index ${indexName} (${keys.join(', ')})`);
  }
  return { name, parts, columns: columnNames };
}

type Treatment = (table: string) => string;

const treatments: Readonly<Record<SqlEngine['name'], readonly Treatment[]>> = {
  sqlite: [],
  // It would hide rows.
  postgres: [(table) => `row level security ${table} off`],
  // Others have no transactions.
  mysql: [(table) => `engine ${table} innodb`],
};

function typeOf(dataType: OperationNode): string {
  if (DataTypeNode.is(dataType)) return dataType.dataType;
  return RawNode.is(dataType) ? dataType.sqlFragments.join('').trim() : '';
}

/** Whether there is such a table, whatever it looks like. */
export function isThere({ name }: TableShape, catalog: ReadonlySet<string>): boolean {
  return catalog.has(`table ${name}`.toLowerCase());
}

/**
 * What a table lacks, compared with what is in the catalog. What it has beyond its shape is the
 * application's, which may add what our inserts can leave out.
 */
export function lacking(shape: TableShape, catalog: ReadonlySet<string>): readonly string[] {
  const { name, parts, columns } = shape;
  if (!isThere(shape, catalog)) return [`table ${name}`];
  const start = `required ${name}.`.toLowerCase();
  const required = [...catalog]
    .filter((part) => part.startsWith(start))
    .map((part) => part.slice(start.length));
  return [
    ...parts.filter((part) => !catalog.has(part.toLowerCase())),
    ...required
      .filter((column) => !columns.includes(column))
      .map((column) => `default ${name}.${column}`),
  ];
}
