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

type Given = Readonly<Record<string, unknown>>;

const isWrong = (
  { holds, optional = false }: FieldRule,
  value: unknown,
  activities: readonly string[],
): boolean => (value === undefined ? !optional : !holds(value, activities));

/**
 * Creates the check of a call that charges: the fields of every charge, and those given. By hand, not
 * with schemas: it runs on every request of the host. It throws `invalid_input` with everything that
 * is wrong, before anything is touched.
 */
export function createChargeCheck(
  fields: Readonly<Record<string, FieldRule>>,
): (input: unknown, activities: readonly string[]) => void {
  const rules = new Map(Object.entries({ ...sharedFields, ...fields }));
  const list = [...rules];

  /** Loops without closures: almost every input is right, and this is all that it costs. */
  function isRight(given: Given, activities: readonly string[]): boolean {
    for (const name in given) if (!rules.has(name)) return false;
    for (const [name, rule] of list) if (isWrong(rule, given[name], activities)) return false;
    return true;
  }

  return (input, activities) => {
    const given: Given = Object(input);
    if (isRight(given, activities)) return;
    const wrong = list.filter(([name, rule]) => isWrong(rule, given[name], activities));
    const unknown = Object.keys(given).filter((name) => !rules.has(name));
    // Names that an input inherits are nobody's fault.
    if (wrong.length === 0 && unknown.length === 0) return;
    const issues = [
      ...unknown.slice(0, mostIssues).map((name) => unknownField(name)),
      ...wrong.map(([path, { message }]) => ({ path, message })),
    ];
    throw new OrgUserManagerError('invalid_input', { issues });
  };
}
