import { idRule, isId } from '../access/is-id.ts';
import type { OptionRule } from '../access/option-rules.ts';
import { ownFields } from '../access/own-fields.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Account } from '../model/actor.ts';
import { isVisible } from '../system/neutralize-name.ts';

/**
 * The person a request comes from, as the application's own sign-in vouches for it. Take every field
 * from the verified session, never from the request's body or query. Only own properties are read, and
 * an optional one that is `null` is absent. A `name` is cut to 200 characters, its control characters and
 * line breaks become spaces, and one without a visible character is absent.
 */
export interface Identity extends Account {
  /** The organization the person works in right now. Absent for people who belong nowhere yet. */
  readonly orgId?: string | undefined;
  /** Whether the person may create the organization `orgId`, becoming its admin. Default: false. */
  readonly mayCreateOrganization?: boolean | undefined;
  /** Whether the person, as an admin, may set what the organization may consume in all. Default: false. */
  readonly maySetAllocation?: boolean | undefined;
}

/**
 * The application's answer to "who is this?": a plain object with the fields of `Identity`. `null` or
 * `undefined` = nobody is signed in. What it throws or rejects with is answered with 500, also when it is
 * an error of this package. `Subject` is what the mount hands over: the `Request` of a fetch framework,
 * the `req` of Express, the `request` of Fastify.
 */
export type Identify<Subject> = (
  subject: Subject,
) => Identity | null | undefined | Promise<Identity | null | undefined>;

/** The rule for the option `identify`. */
export const identifyRule: OptionRule = {
  holds: (value) => typeof value === 'function',
  message: 'must be a function from the request to the signed-in identity or null',
  required: true,
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isString = (value: unknown): value is string => typeof value === 'string';
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

// Many applications store "none" as null.
const absentOr =
  <T>(holds: (value: unknown) => value is T) =>
  (value: unknown): value is T | null | undefined =>
    value === undefined || value === null || holds(value);

const flagRule = { holds: absentOr(isFlag), message: 'must be true or false, or absent' };

const rules = {
  userId: { holds: isId, message: idRule },
  email: { holds: isText, message: 'must be an address' },
  emailVerified: { holds: isFlag, message: 'must be true or false' },
  name: { holds: absentOr(isString), message: 'must be a string, or absent' },
  orgId: { holds: absentOr(isId), message: `${idRule}, or be absent` },
  mayCreateOrganization: flagRule,
  maySetAllocation: flagRule,
};

const fields = [
  'userId',
  'email',
  'emailVerified',
  'name',
  'orgId',
  'mayCreateOrganization',
  'maySetAllocation',
] as const;

type Given = { readonly [Field in keyof Identity]?: unknown };

/**
 * Checks what the application's `identify` answered, and copies it. A missing `emailVerified` is a
 * fault of the application and must not pass for a default. Throws `invalid_options`.
 */
export function readIdentity(answer: Identity | null | undefined): Identity | null {
  if (answer === null || answer === undefined) return null;
  const given = ownFields<Given>(Object(answer), fields);
  const { userId, email, emailVerified, name, orgId } = given;
  const { mayCreateOrganization, maySetAllocation } = given;
  // Field by field, without a loop: it runs on every request of the application.
  if (
    !rules.userId.holds(userId) ||
    !rules.email.holds(email) ||
    !rules.emailVerified.holds(emailVerified) ||
    !rules.name.holds(name) ||
    !rules.orgId.holds(orgId) ||
    !rules.mayCreateOrganization.holds(mayCreateOrganization) ||
    !rules.maySetAllocation.holds(maySetAllocation)
  ) {
    throw brokenIdentity(given);
  }
  return {
    userId,
    email,
    emailVerified,
    name: cleanName(name ?? ''),
    orgId: orgId ?? undefined,
    mayCreateOrganization: mayCreateOrganization ?? false,
    maySetAllocation: maySetAllocation ?? false,
  };
}

const maxNameLength = 200;

/**
 * Makes a name fit for the members table: a person cannot change the name of their sign-in, and must
 * be able to accept an invitation with any. A name without a visible character is absent.
 */
function cleanName(name: string): string | undefined {
  const line = name
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  // The cut may leave the first half of a surrogate pair.
  const cut = line.slice(0, maxNameLength).replace(/\p{Cs}$/u, '');
  return isVisible(cut) ? cut : undefined;
}

const missing =
  'must be an own property: return a plain object such as { userId, email, emailVerified }';

function brokenIdentity(given: Given) {
  const broken = fields.filter((field) => !rules[field].holds(given[field]));
  const issues = broken.map((field) => ({
    path: `identify().${field}`,
    message: given[field] === undefined ? missing : rules[field].message,
  }));
  return new OrgUserManagerError('invalid_options', { issues });
}
