import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SqlEngine } from './engine.ts';

/** Says that a column is in a list of texts. */
type IsInList = (column: RawBuilder<unknown>, list: RawBuilder<string>) => RawBuilder<SqlBool>;

/**
 * How a column is looked up by a list that comes as one parameter, a JSON array of texts, so that its
 * index is used. MySQL would read the list anew for each row of the table: there it comes as a parameter
 * for each item.
 */
export const isInJsonList: Readonly<Record<SqlEngine['name'], IsInList | undefined>> = {
  sqlite: (column, list) => sql`${column} in (select given.value from json_each(${list}) as given)`,
  postgres: (column, list) =>
    sql`${column} = any(array(select jsonb_array_elements_text(${list}::jsonb)))`,
  mysql: undefined,
};
