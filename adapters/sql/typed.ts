import { type RawBuilder, sql } from 'kysely';
import type { SqlEngine } from './engine.ts';

/** What a parameter can be. */
export type ParameterType = 'bigint' | 'text';

/**
 * A parameter whose type stands in the SQL. Every parameter of an expression is written so, unless it is
 * the plain value of a column or compared with one. PostgreSQL infers the type of any other parameter, and
 * some drivers encode the value by that type: JSON that is a text already becomes a JSON string.
 */
export function typed<T>(
  { infersTypes }: SqlEngine,
  type: ParameterType,
  value: T | RawBuilder<T>,
): RawBuilder<T> {
  return infersTypes ? sql<T>`${value}::${sql.raw(type)}` : sql<T>`${value}`;
}
