import { OrgUserManagerError } from '../errors/index.ts';

/** What one option has to be. */
export interface OptionRule {
  holds(value: unknown): boolean;
  /** Says what it must be, never what it was. */
  readonly message: string;
  /** Default: it may be absent. */
  readonly required?: boolean;
}

/** A rule for every option there is. */
export type OptionRules<Options> = { readonly [Name in keyof Options]-?: OptionRule };

/** The rule for something that is handed in and called. */
export const hasMethods = (...names: readonly string[]): OptionRule => ({
  holds: (value) => names.every((name) => typeof Object(value)[name] === 'function'),
  message: `must be an object with ${names.map((name) => `${name}()`).join(', ')}`,
});

/**
 * Checks options by hand: they are checked when a program starts, and loading a schema library for
 * them would double what importing this package takes. Unknown options are refused.
 * Throws `invalid_options` with everything that is wrong.
 */
export function checkOptions<Options extends object>(
  options: Options,
  rules: OptionRules<Options>,
): void {
  const given = new Map<string, unknown>(Object.entries(Object(options)));
  const known = new Map<string, OptionRule>(Object.entries(rules));
  const unknown = [...given.keys()].filter((name) => !known.has(name));
  const wrong = [...known].filter(([name, { holds, required = false }]) => {
    const value = given.get(name);
    return value === undefined ? required : !holds(value);
  });
  const issues = [
    ...unknown.map((path) => ({ path, message: 'is not known' })),
    ...wrong.map(([path, { message }]) => ({ path, message })),
  ];
  if (issues.length > 0) throw new OrgUserManagerError('invalid_options', { issues });
}
