import { idRule, isId } from '../access/is-id.ts';
import { ownFields } from '../access/own-fields.ts';
import { unknownField } from '../access/unknown-field.ts';
import { OrgUserManagerError } from '../errors/index.ts';

/** What one field of a charge has to be. */
export interface FieldRule {
  holds(value: unknown, activities: readonly string[]): boolean;
  /** Says what it must be, never what it was. */
  readonly message: string;
  /** Else it must be given. */
  readonly optional: boolean;
}

// An answer must not grow with the nonsense it answers.
const mostIssues = 20;

const idField: FieldRule = { holds: isId, message: idRule, optional: false };

const sharedFields = {
  orgId: idField,
  userId: idField,
  activity: {
    holds: (value: unknown, activities: readonly string[]) =>
      activities.some((activity) => activity === value),
    message: 'is not one of the configured activities',
    optional: true,
  },
};

/** The fields that a call has beside those of every charge. */
type OwnRules<Input> = {
  readonly [Name in Exclude<keyof Input, keyof typeof sharedFields>]-?: FieldRule;
};

/**
 * Creates the check of a call that charges: the fields of every charge, and those given. By hand, not
 * with schemas: it runs on every request of the application. It returns the input's own fields, or throws
 * `invalid_input` with everything that is wrong, before anything is touched.
 */
export function createChargeCheck<Input extends object>(
  fields: OwnRules<Input>,
): (input: Input, activities: readonly string[]) => Input {
  const rules = Object.entries<FieldRule>({ ...sharedFields, ...fields });
  const names = new Map(rules);

  return (input, activities) => {
    const given: Input = ownFields(Object(input), [...names.keys()]);
    const values = new Map(Object.entries(given));
    const unknown = [...values.keys()].filter((name) => !names.has(name));
    const wrong = rules.filter(([name, { holds, optional }]) => {
      const value = values.get(name);
      return value === undefined ? !optional : !holds(value, activities);
    });
    if (wrong.length === 0 && unknown.length === 0) return given;
    const issues = [
      ...unknown.slice(0, mostIssues).map((name) => unknownField(name)),
      ...wrong.map(([path, { message }]) => ({ path, message })),
    ];
    throw new OrgUserManagerError('invalid_input', { issues });
  };
}
