import { checkOptions } from '../access/check-options.ts';
import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import type { OrgUserManager } from '../org-user-manager.ts';
import { type Identify, identifyRule, readIdentity } from './identity.ts';
import { problem } from './problem.ts';
import type { Reply } from './reply.ts';
import { createUsageAnswers, usageHeaders } from './usage-answers.ts';

/** What `createUsageGuard()` and the framework guards take. */
export interface UsageGuardOptions<Subject> {
  /** Who is signed in; required. */
  readonly identify: Identify<Subject>;
  /** The activity to charge, one of the configured ones. Default: the first of them. */
  readonly activity?: string | undefined;
  /** Units to charge, an integer from 1 to 2^53 - 1, or how to tell them. Default: 1. */
  readonly cost?: number | ((subject: Subject) => number) | undefined;
}

/**
 * Whether the request may go on. When it may, `headers` are for the answer it gets; when it may not,
 * the verdict is the answer: `new Response(verdict.body, verdict)`.
 */
export type UsageVerdict =
  | {
      /** The charge was made. */
      readonly allowed: true;
      /** Where the member stands, for the host's own answer. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | ({
      /** Nothing was charged; the rest is the answer. */
      readonly allowed: false;
    } & Reply);

/**
 * Charges one request. Refusals are values: 401 `not_signed_in`, 403 `not_a_member` or
 * `member_disabled`, 429 `usage_limit_exceeded`, 400 when the cost function gives no cost, 503
 * `unavailable` when the storage cannot answer. Rejects when the host's own functions fail.
 */
export type UsageGuard<Subject> = (subject: Subject) => Promise<UsageVerdict>;

const isCost = (value: unknown) =>
  typeof value === 'function' || (Number.isSafeInteger(value) && Number(value) >= 1);

/**
 * Creates the check in front of a host's own routes: who is it, is the member active, and is there
 * usage left? It charges before the work is done.
 *
 * Throws `invalid_options` when `identify` is missing, the activity is not configured, the cost is
 * no cost, or an option is unknown.
 *
 * @example
 * import { createUsageGuard } from 'org-user-manager/http';
 *
 * const guard = createUsageGuard(manager, { identify, activity: 'search', cost: 2 });
 *
 * async function search(request: Request): Promise<Response> {
 *   const verdict = await guard(request);
 *   if (!verdict.allowed) return new Response(verdict.body, verdict);
 *   return Response.json(await results(request), { headers: verdict.headers });
 * }
 */
export function createUsageGuard<Subject = Request>(
  manager: OrgUserManager,
  options: UsageGuardOptions<Subject>,
): UsageGuard<Subject> {
  const { activities, clock } = manager.settings;
  checkOptions(options, {
    identify: identifyRule,
    activity: {
      holds: (value) => activities.some((name) => name === value),
      message: `must be one of: ${activities.join(', ')}`,
    },
    cost: { holds: isCost, message: 'must be an integer from 1 to 2^53 - 1, or a function' },
  });
  const { identify, activity, cost = 1 } = options;
  const costOf = typeof cost === 'function' ? cost : () => cost;
  const answerUsage = createUsageAnswers(manager.settings);

  return async function usageGuard(subject) {
    const identity = readIdentity(await identify(subject));
    if (!identity) return refuse(notSignedIn);
    const { orgId, userId } = identity;
    if (orgId === undefined) return refuse(notAMember);
    try {
      const decision = await manager.consume({ orgId, userId, activity, cost: costOf(subject) });
      if (!decision.allowed) return refuse(answerUsage(decision));
      return { allowed: true, headers: usageHeaders(decision, clock.now()) };
    } catch (error) {
      if (isOrgUserManagerError(error) && error.status < 500) return refuse(problem(error));
      manager.settings.onError(error);
      return refuse(unavailable);
    }
  };
}

const notSignedIn = problem(new OrgUserManagerError('not_signed_in', {}));
const unavailable = problem(new OrgUserManagerError('unavailable', {}));
const notAMember = problem(new OrgUserManagerError('not_a_member', {}));

const refuse = (reply: Reply): UsageVerdict => ({ allowed: false, ...reply });
