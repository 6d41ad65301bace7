import type { OrgUserManager } from '../org-user-manager.ts';
import { createCharges } from './charges.ts';
import { parseGuardOptions, type UsageGuardOptions } from './guard-options.ts';
import { readIdentity } from './identity.ts';
import { accessRefusals } from './refusal.ts';
import { exempt, type UsageVerdict } from './request-usage.ts';
import { createTellDenial } from './tell-denial.ts';
import { createUsageAnswers } from './usage-answers.ts';
import { setUsage } from './usage-of.ts';

/**
 * Charges one request. Refusals are values: 401 `not_signed_in`, 403 `not_a_member` or
 * `member_disabled`, 429 `usage_limit_exceeded`, 400 when the cost function gives no cost, 503
 * `unavailable` when the storage or the counters cannot answer. Rejects when the host's own functions
 * fail: let nothing through then.
 */
export type UsageGuard<Subject> = (subject: Subject) => Promise<UsageVerdict>;

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
  const { settings } = manager;
  const answers = createUsageAnswers(settings, parseGuardOptions(options, settings));
  const { identify, activity, cost = 1, chargeOn = 'request', skip, onDenied } = options;
  const { charge } = createCharges(manager, answers, chargeOn);
  const tell = createTellDenial({ onDenied, onError: settings.onError });

  async function usageGuard(subject: Subject): Promise<UsageVerdict> {
    const found = identify(subject);
    const identity = readIdentity(isPending(found) ? await found : found);
    if (!identity) return tell(accessRefusals.not_signed_in, subject);
    const { orgId, userId } = identity;
    if (orgId === undefined) return tell(accessRefusals.not_a_member, subject);
    const units = typeof cost === 'function' ? await cost(subject) : cost;
    const outcome = await charge({ orgId, userId, activity }, units);
    if (!('allowed' in outcome)) return tell(outcome, subject);
    setUsage(subject, outcome.usage);
    return outcome;
  }

  if (!skip) return usageGuard;
  return async function usageGuardUnlessSkipped(subject) {
    if (!(await skip(subject))) return usageGuard(subject);
    setUsage(subject, exempt.usage);
    return exempt;
  };
}

/** Whether the host has still to find out; what is there already need not be waited for. */
function isPending<T extends object>(found: T | null | undefined | Promise<T | null | undefined>) {
  return found !== null && found !== undefined && 'then' in found;
}
