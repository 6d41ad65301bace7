import type { InputIssue } from '../../src/index.ts';

/** An issue per key that no mailer reads: a misspelt option must not pass for an absent one. */
export function unknownOptions(options: object, known: readonly string[]): InputIssue[] {
  return Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((path) => ({ path, message: `is not an option; there are: ${known.join(', ')}` }));
}
