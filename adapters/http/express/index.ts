/**
 * Mounts for Express 4 and 5. Typed by what they need, so that either version fits.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createMountedHandler,
  createUsageGuard,
  type HandlerOptions,
  type MountedHandler,
  type UsageGuardOptions,
  type UsageVerdict,
} from '../../../src/http/index.ts';
import type { OrgUserManager } from '../../../src/index.ts';
import { toRequest, writeResponse } from '../node-bridge/index.ts';

/** The part of Express's request that the mounts read. */
export interface ExpressRequest extends IncomingMessage {
  readonly originalUrl: string;
  readonly body?: unknown;
}

/** An Express middleware. Errors go to `next`. */
export type ExpressMiddleware<Req extends ExpressRequest> = (
  req: Req,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => Promise<void>;

/**
 * The manager's routes and join page. Mount it at the path of `baseUrl`, before or after
 * `express.json()`. Throws `invalid_options` when `identify` is missing.
 *
 * @example
 * import type { Request } from 'express';
 * import { expressHandler } from 'org-user-manager/express';
 *
 * const identify = (req: Request) => identityOf(req.session);
 * app.use('/org', expressHandler(manager, { identify }));
 */
export function expressHandler<Req extends ExpressRequest>(
  manager: OrgUserManager,
  options: HandlerOptions<Req>,
): ExpressMiddleware<Req> {
  return mount(createMountedHandler(manager, options), (req) => req.url ?? '/');
}

/**
 * Any fetch-style handler, such as the page of the inbox mailer. It sees the whole path.
 *
 * @example
 * import { expressFetch } from 'org-user-manager/express';
 *
 * app.use('/inbox', expressFetch(inbox.handler));
 */
export function expressFetch(
  handler: (request: Request) => Promise<Response>,
): ExpressMiddleware<ExpressRequest> {
  return mount(handler, (req) => req.originalUrl);
}

/**
 * Charges each request before the host's own handler runs, or answers 401, 403 or 429.
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
  const guard = createUsageGuard(manager, options);
  return async function usageGuard(req, res, next) {
    let goesOn = false;
    try {
      goesOn = apply(await guard(req), res);
    } catch (error) {
      next(error);
      return;
    }
    if (goesOn) next();
  };
}

function apply(verdict: UsageVerdict, res: ServerResponse): boolean {
  // Something else, such as a time-out, has answered in the meantime.
  if (res.headersSent) return false;
  const { allowed, headers } = verdict;
  for (const name in headers) res.setHeader(name, headers[name] ?? '');
  if (!allowed) {
    res.statusCode = verdict.status;
    res.end(verdict.body);
  }
  return allowed;
}

function mount<Req extends ExpressRequest>(
  handler: MountedHandler<Req>,
  urlOf: (req: Req) => string,
): ExpressMiddleware<Req> {
  return async function orgUserManager(req, res, next) {
    try {
      const gone = new AbortController();
      res.once('close', () => gone.abort());
      const body = req.readableDidRead ? req.body : req;
      const request = toRequest(req, { url: urlOf(req), body, signal: gone.signal });
      await writeResponse(await handler(request, req), res);
    } catch (error) {
      next(error);
    }
  };
}
