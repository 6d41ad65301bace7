import { type RawBuilder, sql } from 'kysely';
import type { SqlEngine } from './engine.ts';

/** What a row has in one place. */
export interface JsonCell {
  readonly place: number;
  readonly isNumber: boolean;
}

/** Rows that come as one parameter. */
interface JsonRows {
  /** What stands behind FROM. */
  readonly source: RawBuilder<unknown>;
  cell(cell: JsonCell): RawBuilder<unknown>;
}

/** The text of the rows, and how many values each has. */
export interface JsonRowsOf {
  readonly text: RawBuilder<string>;
  readonly width: number;
}

/** Writes rows for `jsonRows`: arrays, which are shorter than objects, and bare values where one is all. */
export function toJsonRows(rows: readonly (readonly unknown[])[]): string {
  return JSON.stringify(rows.map((row) => (row.length === 1 ? row[0] : row)));
}

/** How each engine reads rows of JSON. */
export const jsonRows: Readonly<Record<SqlEngine['name'], (rows: JsonRowsOf) => JsonRows>> = {
  sqlite: ({ text, width }) => ({
    source: sql`json_each(${text}) as given`,
    cell: ({ place }) => (width === 1 ? sql`given.value` : sql`given.value ->> ${sql.lit(place)}`),
  }),
  postgres: ({ text, width }) => ({
    source:
      width === 1
        ? sql`jsonb_array_elements_text(${text}::jsonb) as given(item)`
        : sql`jsonb_array_elements(${text}::jsonb) as given(item)`,
    cell({ place, isNumber }) {
      const value = width === 1 ? sql`given.item` : sql`given.item ->> ${sql.lit(place)}`;
      return isNumber ? sql`(${value})::bigint` : value;
    },
  }),
  mysql: ({ text, width }) => {
    const columns = Array.from({ length: width }, (_, place) => {
      const path = sql.lit(width === 1 ? '$' : `$[${place}]`);
      return sql`${nameOf(place)} text character set utf8mb4 path ${path}`;
    });
    return {
      source: sql`json_table(${text}, '$[*]' columns (${sql.join(columns)})) as given`,
      cell: ({ place }) => nameOf(place),
    };
  },
};

const nameOf = (place: number) => sql.ref(`cell_${place}`);
