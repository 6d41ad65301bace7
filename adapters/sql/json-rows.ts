import { type RawBuilder, sql } from 'kysely';
import type { SqlEngine } from './engine.ts';

/** Rows that come as one parameter, a JSON array of objects. */
interface JsonRows {
  /** What stands behind FROM. */
  readonly source: RawBuilder<unknown>;
  /** A column of them. */
  column(name: string): RawBuilder<unknown>;
}

/** What the rows are: their text, the columns they have, and the table that has such columns. */
export interface JsonRowsOf {
  readonly table: string;
  readonly columns: readonly string[];
  readonly text: RawBuilder<string>;
}

/** How each engine reads rows of JSON. */
export const jsonRows: Readonly<Record<SqlEngine['name'], (rows: JsonRowsOf) => JsonRows>> = {
  sqlite: ({ text }) => ({
    // Without the condition ON CONFLICT would be read as part of a join.
    source: sql`json_each(${text}) as given where true`,
    column: (name) => sql`given.value ->> ${sql.lit(`$.${name}`)}`,
  }),
  postgres: ({ table, text }) => ({
    source: sql`json_populate_recordset(null::${sql.table(table)}, ${text}::json) as given`,
    column: (name) => sql.ref(`given.${name}`),
  }),
  mysql: ({ columns, text }) => ({
    source: sql`json_table(${text}, '$[*]' columns (${sql.join(
      columns.map(
        (name) => sql`${sql.ref(name)} text character set utf8mb4 path ${sql.lit(`$.${name}`)}`,
      ),
    )})) as given`,
    column: (name) => sql.ref(`given.${name}`),
  }),
};
