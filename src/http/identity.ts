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
}

/**
 * The host's answer to "who is this?". `null` or `undefined` = nobody is signed in. What it throws
 * or rejects with is answered with 500. `Subject` is whatever the mount hands over: the `Request` of
 * a fetch framework, the `req` of Express, the `request` of Fastify.
 */
export type Identify<Subject> = (
  subject: Subject,
) => Identity | null | undefined | Promise<Identity | null | undefined>;

const isId = (value: unknown) =>
  typeof value === 'string' && value.length >= 1 && value.length <= 255;
const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isFlag = (value: unknown) => typeof value === 'boolean';

type Rule = readonly [
  field: keyof Identity,
  holds: (value: unknown) => boolean,
  message: string,
  required: boolean,
];

const rules: readonly Rule[] = [
  ['userId', isId, 'must have 1 to 255 characters', true],
  ['email', isText, 'must be an address', true],
  ['emailVerified', isFlag, 'must be true or false', true],
  ['name', isText, 'must be a text, or absent', false],
  ['orgId', isId, 'must have 1 to 255 characters, or be absent', false],
  ['mayCreateOrganization', isFlag, 'must be true or false, or absent', false],
];

const isBroken = (identity: Identity, [field, holds, , required]: Rule) =>
  (required || identity[field] !== undefined) && !holds(identity[field]);

/**
 * Asks the host who the subject is, and checks the answer: a missing `emailVerified` is a fault of
 * the host and must not pass for a default. Throws `invalid_options`.
 */
export async function resolveIdentity<Subject>(
  identify: Identify<Subject>,
  subject: Subject,
): Promise<Identity | null> {
  const identity = await identify(subject);
  if (identity === null || identity === undefined) return null;
  const broken = rules.filter((rule) => isBroken(identity, rule));
  if (broken.length === 0) return identity;
  throw new OrgUserManagerError('invalid_options', {
    issues: broken.map(([field, , message]) => ({ path: `identify().${field}`, message })),
  });
}
