import type { OptionRule } from '../access/check-options.ts';
import { idRule, isId } from '../access/is-id.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import type { Account } from '../model/actor.ts';

/**
 * The person a request comes from, as the host's own sign-in vouches for it. Take every field from
 * the verified session, never from the request's body or query.
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
 * The host's answer to "who is this?". `null` or `undefined` = nobody is signed in. What it throws
 * or rejects with is answered with 500. `Subject` is whatever the mount hands over: the `Request` of
 * a fetch framework, the `req` of Express, the `request` of Fastify.
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

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isString = (value: unknown) => typeof value === 'string';
const isFlag = (value: unknown) => typeof value === 'boolean';

// Many hosts store "no name" as an empty text or null.
const isAbsentOrText = (value: unknown) => value === null || absentOr(isString)(value);

const absentOr = (holds: (value: unknown) => boolean) => (value: unknown) =>
  value === undefined || holds(value);

interface Rule {
  readonly holds: (value: unknown) => boolean;
  readonly message: string;
}

const rules: Readonly<Record<keyof Identity, Rule>> = {
  userId: { holds: isId, message: idRule },
  email: { holds: isText, message: 'must be an address' },
  emailVerified: { holds: isFlag, message: 'must be true or false' },
  name: { holds: isAbsentOrText, message: 'must be a text, or absent' },
  orgId: { holds: absentOr(isId), message: `${idRule}, or be absent` },
  mayCreateOrganization: { holds: absentOr(isFlag), message: 'must be true or false, or absent' },
  maySetAllocation: { holds: absentOr(isFlag), message: 'must be true or false, or absent' },
};

/**
 * Checks what the host's `identify` answered: a missing `emailVerified` is a fault of the host and
 * must not pass for a default. Throws `invalid_options`.
 */
export function readIdentity(identity: Identity | null | undefined): Identity | null {
  if (identity === null || identity === undefined) return null;
  if (!isWhole(identity)) throw brokenIdentity(identity);
  return identity;
}

/** Field by field, without a loop: it runs on every request of the host. */
const isWhole = (identity: Identity) =>
  rules.userId.holds(identity.userId) &&
  rules.email.holds(identity.email) &&
  rules.emailVerified.holds(identity.emailVerified) &&
  rules.name.holds(identity.name) &&
  rules.orgId.holds(identity.orgId) &&
  rules.mayCreateOrganization.holds(identity.mayCreateOrganization) &&
  rules.maySetAllocation.holds(identity.maySetAllocation);

function brokenIdentity(identity: Identity) {
  const given = new Map<string, unknown>(Object.entries(identity));
  const broken = Object.entries(rules).filter(([field, { holds }]) => !holds(given.get(field)));
  return new OrgUserManagerError('invalid_options', {
    issues: broken.map(([field, { message }]) => ({ path: `identify().${field}`, message })),
  });
}
