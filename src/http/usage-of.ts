import { OrgUserManagerError } from '../errors/index.ts';
import type { RequestUsage } from './request-usage.ts';

// A property, because a WeakMap costs every request more than all else that a guard remembers.
const key = Symbol.for('org-user-manager.usage');

interface Guarded {
  [key]?: RequestUsage;
}

/** Remembers the usage of a request that a guard has let through. */
export function setUsage(request: unknown, usage: RequestUsage): void {
  if (typeof request !== 'object' || request === null || !Object.isExtensible(request)) return;
  const guarded: Guarded = request;
  guarded[key] = usage;
}

/**
 * The usage of a request that a guard has let through, in the request's handler. Of several guards, the
 * last one's. The request is what `identify` gets: fetch's, Express's or Fastify's.
 *
 * Throws `invalid_input` for a request that has passed no guard.
 *
 * @example
 * app.get('/export', guard, async (req, res) => {
 *   const usage = usageOf(req);
 *   for await (const page of pages(req)) {
 *     if (!(await usage.recheck(1)).allowed) break;
 *     res.write(page);
 *   }
 *   res.end();
 * });
 */
export function usageOf(request: object): RequestUsage {
  const guarded: Guarded = request;
  const usage = guarded[key];
  if (usage) return usage;
  const issues = [{ path: 'request', message: 'has passed no usage guard' }];
  throw new OrgUserManagerError('invalid_input', { issues });
}
