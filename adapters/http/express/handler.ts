import {
  createMountedHandler,
  type HandlerOptions,
  type MountedHandler,
} from '../../../src/http/index.ts';
import { type OrgUserManager, toOrgUserManagerError } from '../../../src/index.ts';
import { toRequest, writeResponse } from '../node-bridge/index.ts';
import type { ExpressMiddleware, ExpressRequest } from './middleware.ts';

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
      next(toOrgUserManagerError(error));
    }
  };
}
