import { ColumnNode, DataTypeNode, type Kysely, type OperationNode, RawNode } from 'kysely';
import { buildTable, namedIndexes, type TableDefinition } from './create-table.ts';
import type { SqlEngine } from './engine.ts';

/** What a table has to have, in the words of `readCatalog`. */
export interface TableShape {
  /** With its prefix. */
  readonly name: string;
  /** Its columns, CHECKs, unique keys and indexes. */
  readonly parts: readonly string[];
}

/** The shape of a table as this package creates it. */
export function shapeOf<DB>(
  db: Kysely<DB>,
  engine: SqlEngine,
  definition: TableDefinition,
): TableShape {
  const { table, columns, constraints = [] } = buildTable(db, engine, definition).toOperationNode();
  const { name } = table.table.identifier;
  const unique = (keys: readonly OperationNode[]) => {
    const names = keys.map((key) => (ColumnNode.is(key) ? key.column.name : ''));
    return `unique ${name} (${names.join(', ')})`;
  };
  const parts: string[] = [];
  for (const { column, dataType, notNull, primaryKey } of columns) {
    const end = notNull || primaryKey ? ' not null' : '';
    parts.push(`column ${name}.${column.column.name} ${typeOf(dataType)}${end}`);
    if (primaryKey) parts.push(unique([column]));
  }
  for (const constraint of constraints) {
    if (constraint.kind === 'CheckConstraintNode') parts.push(`check ${constraint.name?.name}`);
    else if (constraint.kind !== 'ForeignKeyConstraintNode') parts.push(unique(constraint.columns));
  }
  for (const { index } of namedIndexes(definition)) {
    parts.push(`index ${db.schema.createIndex(index).toOperationNode().name.name}`);
  }
  return { name, parts };
}

function typeOf(dataType: OperationNode): string {
  if (DataTypeNode.is(dataType)) return dataType.dataType;
  return RawNode.is(dataType) ? dataType.sqlFragments.join('').trim() : '';
}

/** Whether there is such a table, whatever it looks like. */
export function isThere({ name }: TableShape, catalog: ReadonlySet<string>): boolean {
  return catalog.has(`table ${name}`.toLowerCase());
}

/** What a table lacks, compared with what is in the catalog. */
export function lacking(shape: TableShape, catalog: ReadonlySet<string>): readonly string[] {
  return isThere(shape, catalog)
    ? shape.parts.filter((part) => !catalog.has(part.toLowerCase()))
    : [`table ${shape.name}`];
}
