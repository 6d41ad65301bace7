import {
  createMountedHandler,
  type HandlerOptions,
  type MountedHandler,
} from '../../../src/http/index.ts';
import { type OrgUserManager, toOrgUserManagerError } from '../../../src/index.ts';
import {
  discard,
  readAhead,
  toRequest,
  type WriteResponse,
  writeAnswer,
  writeStream,
} from '../node-bridge/index.ts';
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
  const handler = createMountedHandler(manager, options);
  return mount(handler, { urlOf: (req) => req.url ?? '/', write: writeAnswer });
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
  return mount(handler, { urlOf: (req) => req.originalUrl, write: writeStream });
}

interface MountOptions<Req> {
  readonly urlOf: (req: Req) => string;
  readonly write: WriteResponse;
}

function mount<Req extends ExpressRequest>(
  handler: MountedHandler<Req>,
  { urlOf, write }: MountOptions<Req>,
): ExpressMiddleware<Req> {
  return async function orgUserManager(req, res, next) {
    try {
      const gone = new AbortController();
      res.once('close', () => gone.abort());
      const body = () => (isParsed(req) ? req.body : readAhead(req, req));
      const request = toRequest(req, { url: urlOf(req), body, signal: gone.signal });
      await write(await handler(request, req), res);
      discard(request.body);
    } catch (error) {
      next(toOrgUserManagerError(error));
    }
  };
}

/**
 * Whether `req.body` is what a parser has made of the body that was sent. An empty object alone proves
 * nothing: the parsers of Express 4 set one before they look, and some middleware does. It counts
 * after a parser of Express 4 that says that it has read, or when `{}` is as long as what was sent.
 */
function isParsed(req: ExpressRequest): boolean {
  const { body, readableDidRead, headers } = req;
  if (!readableDidRead || body === undefined || body === null) return false;
  if (typeof body !== 'object' || body instanceof Uint8Array) return true;
  const isEmpty = Object.keys(body).length === 0;
  return !isEmpty || ('_body' in req && req._body === true) || headers['content-length'] === '2';
}
