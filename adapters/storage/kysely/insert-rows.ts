import {
  type AnyColumn,
  type Insertable,
  type InsertQueryBuilder,
  type InsertResult,
  type RawBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import { ifAbsent } from '../../sql/engine.ts';
import { type JsonCell, jsonRows, toJsonRows } from '../../sql/json-rows.ts';
import { type Given, rowsChanged, statementInForms } from '../../sql/statement.ts';
import type { SqlSession } from './session.ts';
import type { Tables } from './tables.ts';

type Table = keyof Tables & string;
type Insert<Name extends Table> = InsertQueryBuilder<Tables, Name, InsertResult>;
type InsertRows<Name extends Table> = (
  session: SqlSession,
  rows: readonly Insertable<Tables[Name]>[],
) => Promise<number>;

/** What the text of an insert depends on: which columns hold one value in all rows, and where the others are. */
interface Columns {
  readonly shared: readonly string[];
  readonly own: readonly OwnColumn[];
  /** How many values each row has. */
  readonly width: number;
}

interface OwnColumn extends JsonCell {
  readonly name: string;
}

/** The shared values by their columns, and the rows with the values that are their own, as JSON. */
type Values = Readonly<Record<string, unknown>> & { readonly rows: string };

/** What to insert, as SQL. */
interface Selected {
  /** Inserts what fulfils the condition; a single row has no place for one. */
  readonly rows: (condition?: RawBuilder<SqlBool>) => RawBuilder<unknown>;
  readonly isSingle: boolean;
  /** The value that goes into a column. */
  valueIn(column: string): RawBuilder<unknown>;
}

/**
 * Inserts rows in a statement whose text does not depend on how many there are, and returns how many
 * it took. What all rows have in common is bound once, and the rest is one parameter: a server takes
 * longer to read thousands of parameters than to insert what they say. `finish` says what becomes of
 * rows that are there.
 */
export function rowInserter<Name extends Table>(
  table: Name,
  finish: (session: SqlSession, insert: Insert<Name>) => Insert<Name> = (_, insert) => insert,
): InsertRows<Name> {
  return inserter(table, (session, insert, { rows }) => finish(session, insert.expression(rows())));
}

/**
 * The same, without the rows whose key is there already. No two of them may have the same key, and the
 * transaction has to keep others from adding one.
 */
export function absentRowInserter<Name extends Table>(
  table: Name,
  key: readonly (AnyColumn<Tables, Name> & string)[],
): InsertRows<Name> {
  return inserter(table, ({ engine }, insert, { rows, isSingle, valueIn }) => {
    if (isSingle || !engine.looksBeforeInserting) {
      return ifAbsent(engine, insert.expression(rows()), key);
    }
    const isIt = key.map((column) => sql`${sql.ref(`there.${column}`)} = ${valueIn(column)}`);
    const there = sql`select from ${sql.table(table)} as there where ${sql.join(isIt, sql` and `)}`;
    return insert.expression(rows(sql`not exists (${there})`));
  });
}

function inserter<Name extends Table>(
  table: Name,
  build: (session: SqlSession, insert: Insert<Name>, selected: Selected) => Insert<Name>,
): InsertRows<Name> {
  const insert = statementInForms((session: SqlSession, given: Given<Values>, columns: Columns) =>
    build(session, session.db.insertInto(table), select(session, given, columns)),
  );
  return async (session, rows) => {
    const [first] = rows;
    if (!first) return 0;
    const [columns, own] = divide(first, rows);
    const values = { ...first, rows: toJsonRows(own) };
    return rowsChanged(await insert(session, values, columns));
  };
}

function select(
  { engine }: SqlSession,
  given: Given<Values>,
  { shared, own, width }: Columns,
): Selected {
  const isSingle = width === 0;
  const { source, cell } = jsonRows[engine.name]({ text: given.one('rows'), width });
  const valueIn = (column: string) => {
    const found = own.find(({ name }) => name === column);
    return found ? cell(found) : given.one(column);
  };
  const columns = [...shared, ...own.map(({ name }) => name)];
  const names = sql.join(columns.map((name) => sql.ref(name)));
  const values = () => sql.join(columns.map(valueIn));
  return {
    isSingle,
    valueIn,
    // Without a condition SQLite would read ON CONFLICT as part of a join.
    rows: (condition = sql`true`) =>
      isSingle
        ? sql`(${names}) values (${values()})`
        : sql`(${names}) select ${values()} from ${source} where ${condition}`,
  };
}

/** Finds what the rows have in common; the rest of each, with what is in several columns once. */
function divide(
  first: object,
  rows: readonly object[],
): [columns: Columns, own: readonly (readonly unknown[])[]] {
  const shared: string[] = [];
  const own: OwnColumn[] = [];
  const places: (readonly unknown[])[] = [];
  for (const [name, value] of Object.entries(first)) {
    if (rows.every((row) => Reflect.get(row, name) === value)) {
      shared.push(name);
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
