import { idRule, isId } from '../access/is-id.ts';
import { unknownField } from '../access/unknown-field.ts';
import { OrgUserManagerError } from '../errors/index.ts';

/** What one field of a charge has to be. */
export interface FieldRule {
  holds(value: unknown, activities: readonly string[]): boolean;
  /** Says what it must be, never what it was. */
  readonly message: string;
  /** Default: it must be given. */
  readonly optional?: boolean;
}

// An answer must not grow with the nonsense it answers.
const mostIssues = 20;

const idField: FieldRule = { holds: isId, message: idRule };

const sharedFields: Readonly<Record<string, FieldRule>> = {
  orgId: idField,
  userId: idField,
  activity: {
    holds: (value, activities) => activities.some((activity) => activity === value),
    message: 'is not one of the configured activities',
    optional: true,
  },
};

/**
 * Creates the check of a call that charges: the fields of every charge, and those given. By hand, not
 * with schemas: it runs on every request of the host. It throws `invalid_input` with everything that
 * is wrong, before anything is touched.
 */
export function createChargeCheck(
  fields: Readonly<Record<string, FieldRule>>,
): (input: unknown, activities: readonly string[]) => void {
  const rules = new Map(Object.entries({ ...sharedFields, ...fields }));
  return (input, activities) => {
    const given = Object(input);
    const wrong = [...rules].filter(([name, { holds, optional }]) =>
      given[name] === undefined ? optional !== true : !holds(given[name], activities),
    );
    const unknown = Object.keys(given).filter((name) => !rules.has(name));
    if (wrong.length === 0 && unknown.length === 0) return;
    const issues = [
      ...unknown.slice(0, mostIssues).map((name) => unknownField(name)),
      ...wrong.map(([path, { message }]) => ({ path, message })),
    ];
    throw new OrgUserManagerError('invalid_input', { issues });
  };
}
