import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SqlEngine } from './engine.ts';

/** Says that a column is in a list of texts. */
type IsInList = (column: RawBuilder<unknown>, list: RawBuilder<string>) => RawBuilder<SqlBool>;

/**
 * How a column is looked up by a list that comes as one parameter, a JSON array of texts, so that its
 * index is used. MySQL would parse the list again for each row of the table: there each item is a parameter
 * of its own.
 */
export const isInJsonList: Readonly<Record<SqlEngine['name'], IsInList | undefined>> = {
  sqlite: (column, list) => sql`${column} in (select given.value from json_each(${list}) as given)`,
  postgres: (column, list) =>
    sql`${column} = any(array(select jsonb_array_elements_text(${list}::jsonb)))`,
  mysql: undefined,
};
