import { type AliasedExpression, AliasNode, type RawBuilder, sql, TableNode } from 'kysely';
import type { SqlEngine } from '../../sql/engine.ts';
import type { Tables } from './tables.ts';

/** A table under an alias, with a hint behind it: Kysely has none, and raw SQL would lose the schema. */
export function aliasedTable<Name extends keyof Tables, Alias extends string>(
  name: Name,
  alias: Alias,
  hint: RawBuilder<unknown> = sql``,
): AliasedExpression<Tables[Name], Alias> {
  const named = sql`${sql.id(alias)}${hint}`;
  return {
    expression: sql<Tables[Name]>`${sql.table(name)}`,
    alias,
    toOperationNode: () => AliasNode.create(TableNode.create(name), named.toOperationNode()),
  };
}

/** Tells the engine which index to read, where it has to be told. */
export function indexHint({ indexHint: hint }: SqlEngine, index: string): RawBuilder<unknown> {
  if (hint === 'indexed by') return sql` indexed by ${sql.id(index)}`;
  return hint === 'force index' ? sql` force index (${sql.id(index)})` : sql``;
}
