import type { Source } from './source.ts';

/** A place that may have what is forbidden elsewhere. */
export interface Allowance {
  readonly what: string;
  readonly path: string;
  readonly why: string;
}

/** What no file in `src` and `adapters` may have, and what to do instead. */
const instead: Readonly<Record<string, string>> = {
  any: 'name the type, or take `unknown` and narrow it',
  'non-null !': 'let the type say that it is there, or handle its absence',
  'as … as': 'a double cast hides a wrong model: change the types',
  'instanceof Promise': 'an application may replace the global one: ask `isPending`, or `await` it',
  in: 'ask for an own property (`hasOwn`, or a field that each of the union has): Object.prototype answers, too',
  'Date.now': 'take the time from the injected Clock, or tests cannot set it',
  'new Date()': 'take the time from the injected Clock, or tests cannot set it',
  'Math.random': 'take random bytes from the injected RandomSource; these can be guessed',
  setTimeout: 'schedule through the injected Clock',
  setInterval: 'schedule through the injected Clock',
  setImmediate: 'schedule through the injected Clock',
  'process.env': 'the host configures a library through its options',
  console: 'a library does not print; report through onError',
};

/** Forbidden things in the code, outside the allowances, each as a sentence. */
export function findForbiddenCode(
  sources: readonly Source[],
  allowances: readonly Allowance[],
): string[] {
  return sources.flatMap(({ path, findings }) =>
    findings
      .filter(({ what }) => !allowances.some((row) => row.what === what && row.path === path))
      .map(({ what, line }) => {
        const advice = instead[what] ?? 'fix what the check found instead of switching it off';
        return `${path}:${line} has ${what}: ${advice}.`;
      }),
  );
}

/** Allowances that nothing uses any more. */
export function findStaleAllowances(
  sources: readonly Source[],
  allowances: readonly Allowance[],
): string[] {
  return allowances
    .filter(
      ({ what, path }) =>
        !sources.some(
          (source) =>
            source.path === path && source.findings.some((finding) => finding.what === what),
        ),
    )
    .map(({ what, path }) => `${path} has no ${what} any more: remove the allowance.`);
}
