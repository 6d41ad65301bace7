import type { ServerResponse } from 'node:http';
import {
  createMountedGuard,
  type UsageGuardOptions,
  type UsageVerdict,
} from '../../../src/http/index.ts';
import { type OrgUserManager, toOrgUserManagerError } from '../../../src/index.ts';
import { hasOwn } from '../../../src/system/has-own.ts';
import { addHeaders, onceAnswered } from '../node-bridge/index.ts';
import type { ExpressMiddleware, ExpressRequest, Next } from './middleware.ts';

/**
 * Charges each request before the host's own handler runs, or answers 401, 403, 429 or 503.
 * Throws `invalid_options` when `identify` is missing or the activity is not configured.
 *
 * @example
 * import { expressUsageGuard } from 'org-user-manager/express';
 *
 * app.get('/search', expressUsageGuard(manager, { identify, activity: 'search' }), search);
 */
export function expressUsageGuard<Req extends ExpressRequest>(
  manager: OrgUserManager,
  options: UsageGuardOptions<Req>,
): ExpressMiddleware<Req> {
  const guard = createMountedGuard(manager, options);
  const settles = guard.chargeOn === 'success';

  /** Whether the request goes on. */
  function apply(verdict: UsageVerdict, res: ServerResponse): boolean {
    if (verdict.allowed && settles) onceAnswered(res, (done) => void verdict.usage.settle(done));
    // Something else, such as a time-out, has answered in the meantime.
    if (res.headersSent) return false;
    addHeaders(res, verdict.headers);
    if (verdict.allowed) return true;
    res.statusCode = verdict.status;
    res.end(verdict.body);
    return false;
  }

  async function wait(verdict: Promise<UsageVerdict>, res: ServerResponse, next: Next) {
    let goesOn = false;
    try {
      goesOn = apply(await verdict, res);
    } catch (error) {
      next(toOrgUserManagerError(error));
    }
    if (goesOn) next();
  }

  return function usageGuard(req, res, next) {
    let goesOn = false;
    try {
      const verdict = guard(req);
      if (!hasOwn(verdict, 'allowed')) return wait(verdict, res, next);
      goesOn = apply(verdict, res);
    } catch (error) {
      next(toOrgUserManagerError(error));
    }
    // Outside: what a handler throws is not ours to tell.
    if (goesOn) next();
    return undefined;
  };
}
