import type { Context } from '../context.ts';
import { plainCounters } from '../counters/counters.ts';
import { OrgUserManagerError } from '../errors/index.ts';
import { withoutDeadline } from './deadline.ts';
import type { HostCommits } from './host-commits.ts';
import { atOnce } from './turns.ts';
import { scopeWithDeadline } from './with-deadline.ts';

/**
 * The context of calls inside a transaction of the host. What the commit of a call would set off
 * waits until the host's own commit is noticed. Throws `invalid_input`.
 */
export function inHostTransaction(
  context: Context,
  hostCommits: HostCommits,
  transaction: object,
): Context {
  const { storage, rateLimitStore } = context.settings;
  if (!storage.hostTransactions) {
    const message = 'cannot be used: this storage has no transactions to share';
    throw new OrgUserManagerError('invalid_input', { issues: [{ path: 'transaction', message }] });
  }
  const bound = storage.hostTransactions.using(transaction);
  const scope = scopeWithDeadline(bound, withoutDeadline, atOnce);
  const ownCounters = rateLimitStore === storage.rateLimits;
  return {
    ...context,
    storage: scope,
    rateLimits: ownCounters ? plainCounters(scope.rateLimits) : context.rateLimits,
    wakeDelivery: () => undefined,
    // The host may yet undo what it belongs to.
    postpone: () => undefined,
    // What others left behind is no part of the host's transaction.
    giveBackExpired: () => false,
    afterCommit: (entry, task) =>
      hostCommits.watch(entry, () => {
        task();
        context.wakeDelivery();
      }),
  };
}
