import { toOrgUserManagerError } from '../errors/index.ts';
import type { GuardedCharge } from '../model/guarded-charge.ts';
import type { OrgUserManager } from '../org-user-manager.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { andThen, orElse } from '../system/maybe-promise.ts';
import { asked } from './asked.ts';
import type { ChargeOn } from './charge-on.ts';
import { createCharges } from './charges.ts';
import { parseGuardOptions, type UsageGuardOptions } from './guard-options.ts';
import { type Identity, readIdentity } from './identity.ts';
import { accessRefusals, type Refusal } from './refusal.ts';
import { type AllowedVerdict, exempt, type UsageVerdict } from './request-usage.ts';
import { createTellDenial } from './tell-denial.ts';
import { createUsageAnswers } from './usage-answers.ts';
import { setUsage } from './usage-of.ts';

/**
 * Charges one request. Refusals are values: 401 `not_signed_in`, 403 `not_a_member` or
 * `member_disabled`, 429 `usage_limit_exceeded`, 400 when the cost function gives no cost, 503
 * `unavailable` when the storage or the counters cannot answer. Rejects when the application's own
 * functions fail, always with an error of this package: let nothing through then.
 */
export type UsageGuard<Subject> = (subject: Subject) => Promise<UsageVerdict>;

/**
 * The same for a mount in a framework: the verdict is there at once when nobody has to be waited for, so
 * that a request does not wait for a turn of the event loop. Throws, or rejects, when the application's
 * own functions fail, always with an error of this package; its `cause` is what they threw.
 */
export interface MountedGuard<Subject> {
  (subject: Subject): MaybePromise<UsageVerdict>;
  /** When a request is charged for good, as the options say; the mount settles what is set aside. */
  readonly chargeOn: ChargeOn;
}

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
  const guard = createMountedGuard(manager, options);
  return async (subject) => guard(subject);
}

/** Creates the same check for a mount in a framework. Throws what `createUsageGuard` throws. */
export function createMountedGuard<Subject>(
  manager: OrgUserManager,
  options: UsageGuardOptions<Subject>,
): MountedGuard<Subject> {
  const { settings } = manager;
  const parsed = parseGuardOptions(options, settings);
  const { identify, activity, cost, chargeOn, skip, onDenied } = parsed;
  const askIdentity = asked(identify);
  const askCost = typeof cost === 'function' ? asked(cost) : () => cost;
  const askSkip = skip && asked(skip);
  const answers = createUsageAnswers(settings, parsed);
  const { charge } = createCharges(manager, answers, chargeOn);
  const tell = createTellDenial({ onDenied, onError: settings.onError });

  function check(subject: Subject): MaybePromise<UsageVerdict> {
    return andThen(askIdentity(subject), admit, subject);
  }

  function admit(found: Identity | null | undefined, subject: Subject): MaybePromise<UsageVerdict> {
    const identity = readIdentity(found);
    if (!identity) return tell(accessRefusals.not_signed_in, subject);
    const { orgId, userId } = identity;
    if (orgId === undefined) return tell(accessRefusals.not_a_member, subject);
    const outcome = andThen(askCost(subject), chargeUnits, { orgId, userId });
    return andThen(outcome, conclude, subject);
  }

  const chargeUnits = (cost: number, whose: Pick<GuardedCharge, 'orgId' | 'userId'>) =>
    charge({ ...whose, activity, cost });

  function conclude(
    outcome: AllowedVerdict | Refusal,
    subject: Subject,
  ): MaybePromise<UsageVerdict> {
    if (!outcome.allowed) return tell(outcome, subject);
    setUsage(subject, outcome.usage);
    return outcome;
  }

  function guard(subject: Subject): MaybePromise<UsageVerdict> {
    return askSkip ? andThen(askSkip(subject), unlessSkipped, subject) : check(subject);
  }

  function unlessSkipped(skipped: boolean, subject: Subject): MaybePromise<UsageVerdict> {
    // Only `true`: a string such as 'false' or an object is a mistake of the application.
    if (skipped !== true) return check(subject);
    setUsage(subject, exempt.usage);
    return exempt;
  }

  const usageGuard = (subject: Subject) => orElse(guard, fail, subject);
  return Object.assign(usageGuard, { chargeOn });
}

/** The one place where a failure of the application's functions becomes an error. */
function fail(thrown: unknown): never {
  throw toOrgUserManagerError(thrown);
}
