import type { Location, Mutant, MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { keyOf } from './mutants.ts';
import { notDrawn } from './only-drawn.ts';

/** Runs Stryker on these mutants, with the fast tests of `vitest.config.ts`. */
export async function firstPass(drawn: readonly Mutant[]): Promise<readonly MutantResult[]> {
  const stryker = new Stryker({
    mutate: drawn.map(toRange),
    drawn: drawn.map(keyOf),
    checkers: ['only-drawn'],
    plugins: ['@stryker-mutator/vitest-runner', `${import.meta.dirname}/only-drawn.ts`],
    testRunner: 'vitest',
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    // A mutant of a module's constants needs every test from the start; the second pass is made for that.
    ignoreStatic: true,
    // Half of them are for the checker, which ends at once.
    concurrency: 4,
    dryRunTimeoutMinutes: 60,
    timeoutMS: 20_000,
    timeoutFactor: 3,
    // Stryker would rewrite the file with TypeScript's old API; a name without a file leaves it alone.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    reporters: ['progress-append-only'],
    warnings: false,
    cleanTempDir: 'always',
    ignorePatterns: ['dist', 'coverage'],
  });
  const results = (await stryker.runMutationTest())
    .filter(({ statusReason }) => statusReason !== notDrawn)
    .map((result) => ({ ...result, location: fromReport(result.location) }));
  if (results.length !== drawn.length) {
    throw new Error(`${drawn.length} mutants were drawn, and ${results.length} ran`);
  }
  return results;
}

/** A range of Stryker's options counts lines from 1 and columns from 0. */
function toRange({ fileName, location: { start, end } }: Mutant): string {
  return `${fileName}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`;
}

/** A result counts lines and columns from 1, a mutant from 0. */
function fromReport({ start, end }: Location): Location {
  return {
    start: { line: start.line - 1, column: start.column - 1 },
    end: { line: end.line - 1, column: end.column - 1 },
  };
}
