import type { SqlEngine } from './engine.ts';

/** SQL that has CHECKs in it, and how to read it. */
interface Source {
  readonly engine: SqlEngine;
  /** The names that count as columns. */
  readonly columns: readonly string[];
}

// What has no names of columns: texts and comments. MariaDB writes a quote in a text as \' or as two quotes.
const skipped = {
  mysql: /'(?:[^'\\]|''|\\.)*'/gs,
  others: /'(?:[^']|'')*'|--[^\n]*|\/\*.*?\*\//gs,
};

/**
 * The CHECKs of a `create table`, each with the columns that its condition reads, such as
 * `check oum_usage_within_cap (cap, used)`. Servers write a condition in words of their own; the columns
 * stay.
 */
export function checksIn(statement: string, { engine, columns }: Source): readonly string[] {
  const sql = statement.replace(engine.name === 'mysql' ? skipped.mysql : skipped.others, ' ');
  return [...sql.matchAll(/constraint\s+\W?(\w+)\W?\s+check\s*\(/gi)].map((found) => {
    const condition = conditionFrom(sql.slice(found.index + found[0].length));
    const words = new Set(condition.match(/\w+/g));
    const read = new Set(columns.filter((column) => words.has(column)));
    return `check ${found[1]} (${[...read].toSorted().join(', ')})`;
  });
}

/** What stands before the parenthesis that closes the condition. */
function conditionFrom(rest: string): string {
  let open = 1;
  for (const { 0: parenthesis, index } of rest.matchAll(/[()]/g)) {
    open += parenthesis === '(' ? 1 : -1;
    if (open === 0) return rest.slice(0, index);
  }
  return rest;
}
