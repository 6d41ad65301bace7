import {
  type Insertable,
  type InsertQueryBuilder,
  type InsertResult,
  type RawBuilder,
  sql,
} from 'kysely';
import { type JsonCell, jsonRows, toJsonRows } from '../../sql/json-rows.ts';
import { type Given, rowsChanged, statementInForms } from '../../sql/statement.ts';
import type { ParameterType } from '../../sql/typed.ts';
import type { SqlSession } from './session.ts';
import type { Tables } from './tables.ts';

type Table = keyof Tables & string;
type Insert<Name extends Table> = InsertQueryBuilder<Tables, Name, InsertResult>;

/** What the text of an insert depends on: which columns hold one value in all rows, and where the others are. */
interface Columns {
  readonly shared: readonly SharedColumn[];
  readonly own: readonly OwnColumn[];
  /** How many values each row has. */
  readonly width: number;
}

interface SharedColumn {
  readonly name: string;
  /** Of its value; undefined for NULL. */
  readonly type: ParameterType | undefined;
}

interface OwnColumn extends JsonCell {
  readonly name: string;
}

/** The shared values by their columns, and the rows with the values that are their own, as JSON. */
type Values = Readonly<Record<string, unknown>> & { readonly rows: string };

/**
 * Inserts rows in a statement whose text does not depend on how many there are, and returns how many
 * it took. What all rows have in common is bound once, and the rest is one parameter: a server takes
 * longer to read thousands of parameters than to insert what they say. `finish` says what becomes of
 * rows that are there.
 */
export function rowInserter<Name extends Table>(
  table: Name,
  finish: (session: SqlSession, insert: Insert<Name>) => Insert<Name> = (_, insert) => insert,
): (session: SqlSession, rows: readonly Insertable<Tables[Name]>[]) => Promise<number> {
  const insert = statementInForms((session: SqlSession, given: Given<Values>, columns: Columns) =>
    finish(session, session.db.insertInto(table).expression(selectRows(session, given, columns))),
  );
  return async (session, rows) => {
    const [first] = rows;
    if (!first) return 0;
    const [columns, own] = divide(first, rows);
    const values = { ...first, rows: toJsonRows(own) };
    return rowsChanged(await insert(session, values, columns));
  };
}

function selectRows(
  { engine }: SqlSession,
  given: Given<Values>,
  { shared, own, width }: Columns,
): RawBuilder<unknown> {
  const names = sql.join([...shared, ...own].map(({ name }) => sql.ref(name)));
  if (own.length === 0) {
    return sql`(${names}) values (${sql.join(shared.map(({ name }) => given.one(name)))})`;
  }
  const values = shared.map(({ name, type }) =>
    type === undefined ? sql.lit(null) : given.typed(name, type),
  );
  const text = given.typed('rows', 'text');
  const { source, cell } = jsonRows[engine.name]({ text, width });
  // Without the condition SQLite would read ON CONFLICT as part of a join.
  return sql`(${names}) select ${sql.join([...values, ...own.map(cell)])} from ${source} where true`;
}

/** Finds what the rows have in common; the rest of each, with what is in several columns once. */
function divide(
  first: object,
  rows: readonly object[],
): [columns: Columns, own: readonly (readonly unknown[])[]] {
  const shared: SharedColumn[] = [];
  const own: OwnColumn[] = [];
  const places: (readonly unknown[])[] = [];
  for (const [name, value] of Object.entries(first)) {
    if (rows.every((row) => Reflect.get(row, name) === value)) {
      shared.push({ name, type: typeOf(value) });
      continue;
    }
    const values = rows.map((row): unknown => Reflect.get(row, name));
    const known = places.findIndex((others) => values.every((other, row) => other === others[row]));
    const place = known < 0 ? places.push(values) - 1 : known;
    own.push({ name, place, isNumber: values.some((other) => typeof other === 'number') });
  }
  const width = places.length;
  return [{ shared, own, width }, rows.map((_, row) => places.map((values) => values[row]))];
}

function typeOf(value: unknown): ParameterType | undefined {
  if (value === null) return undefined;
  return typeof value === 'number' ? 'bigint' : 'text';
}
