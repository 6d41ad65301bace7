import { OrgUserManagerError } from '../errors/index.ts';
import type { OptionRule } from './option-rules.ts';
import { ownFields } from './own-fields.ts';

/** A rule for every option there is. */
export type OptionRules<Options> = { readonly [Name in keyof Options]-?: OptionRule };

/** The value of each option that has a default. */
type Defaults<Options, Name extends keyof Options> = {
  readonly [Key in Name]-?: Exclude<Options[Key], undefined>;
};

/**
 * Checks options and returns them with their defaults, in an object without a prototype. Own properties
 * count, and only those: an option that an object inherits, such as the getter of a class, is absent.
 * Unknown options are refused. Throws `invalid_options` with everything that is wrong.
 *
 * By hand: options are checked when a program starts, and loading a schema library for them would
 * double what importing this package takes.
 */
export function checkOptions<Options extends object, Name extends keyof Options = never>(
  options: Options,
  rules: OptionRules<Options>,
  defaults: Defaults<Options, Name>,
): Options & Defaults<Options, Name> {
  const known = new Map<string, OptionRule>(Object.entries(rules));
  const own = ownFields<Record<string, unknown>>(Object(options), [...known.keys()]);
  const given = new Map(Object.entries(own));
  const unknown = [...given.keys()].filter((name) => !known.has(name));
  const wrong = [...known].filter(([name, { holds, required = false }]) => {
    const value = given.get(name);
    return value === undefined ? required : !holds(value);
  });
  const issues = [
    ...unknown.map((path) => ({ path, message: 'is not known' })),
    ...wrong.map(([path, { message }]) => ({
      path,
      message: typeof message === 'string' ? message : message(given.get(path)),
    })),
  ];
  if (issues.length > 0) throw new OrgUserManagerError('invalid_options', { issues });
  for (const [name, value] of Object.entries(defaults)) {
    if (given.get(name) === undefined) given.set(name, value);
  }
  return Object.assign(Object.create(null), Object.fromEntries(given));
}
