import {
  type Insertable,
  type InsertQueryBuilder,
  type InsertResult,
  type RawBuilder,
  sql,
} from 'kysely';
import { jsonRows } from '../../sql/json-rows.ts';
import { type Given, rowsChanged, statementInForms } from '../../sql/statement.ts';
import type { SqlSession } from './session.ts';
import type { Tables } from './tables.ts';

type Table = keyof Tables & string;
type Insert<Name extends Table> = InsertQueryBuilder<Tables, Name, InsertResult>;

/** What the text of an insert depends on: which columns hold one value in all rows. */
interface Columns {
  readonly shared: readonly string[];
  readonly own: readonly string[];
}

/** The shared values by their columns, and the rows with the columns that are their own, as JSON. */
type Values = Readonly<Record<string, unknown>> & { readonly rows: string };

/**
 * Inserts rows in a statement whose text does not depend on how many there are, and returns how many
 * it took. What all rows have in common is bound once, and the rest is one parameter: a server takes
 * longer to read thousands of parameters than to insert what they say. `finish` says what becomes of
 * rows that are there.
 */
export function rowInserter<Name extends Table>(
  table: Name,
  finish: (session: SqlSession, insert: Insert<Name>) => Insert<Name>,
): (session: SqlSession, rows: readonly Insertable<Tables[Name]>[]) => Promise<number> {
  const insert = statementInForms((session: SqlSession, given: Given<Values>, columns: Columns) => {
    const rows = selectRows(session, { table, given, columns });
    return finish(session, session.db.insertInto(table).expression(rows));
  });
  return async (session, rows) => {
    const [first] = rows;
    if (!first) return 0;
    const columns = divide(first, rows);
    const values = { ...first, rows: JSON.stringify(rows, [...columns.own]) };
    return rowsChanged(await insert(session, values, columns));
  };
}

interface Selection {
  readonly table: Table;
  readonly given: Given<Values>;
  readonly columns: Columns;
}

function selectRows(
  { engine }: SqlSession,
  { table, given, columns: { shared, own } }: Selection,
): RawBuilder<unknown> {
  const names = sql.join([...shared, ...own].map((name) => sql.ref(name)));
  const values = shared.map((name) => given.one(name));
  if (own.length === 0) return sql`(${names}) values (${sql.join(values)})`;
  const { source, column } = jsonRows[engine.name]({
    table,
    columns: own,
    text: given.one('rows'),
  });
  return sql`(${names}) select ${sql.join([...values, ...own.map(column)])} from ${source}`;
}

function divide(first: object, rows: readonly object[]): Columns {
  const shared: string[] = [];
  const own: string[] = [];
  for (const [name, value] of Object.entries(first)) {
    const isShared = rows.every((row) => Reflect.get(row, name) === value);
    (isShared ? shared : own).push(name);
  }
  return { shared, own };
}
