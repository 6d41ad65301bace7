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
      const request = toRequest(req, {
        url: urlOf(req),
        body: () => bodyOf(req),
        isWhole: isWhole(req),
        signal: gone.signal,
      });
      await write(await handler(request, req), res);
      discard(request.body);
    } catch (error) {
      next(toOrgUserManagerError(error));
    }
  };
}

/** What a parser has left when the stream was read, else the stream. */
function bodyOf(req: ExpressRequest): unknown {
  const { body, readableDidRead } = req;
  if (!readableDidRead || body === undefined || body === null) return readAhead(req, req);
  // Lets the rest pass, so that the connection goes on.
  req.resume();
  return body;
}

/** An empty body alone proves nothing, but a parser of Express 4 says that it has read. */
const isWhole = (req: ExpressRequest) =>
  // Of its own: `Object.prototype` may have one as well.
  Object.hasOwn(req, '_body') && Reflect.get(req, '_body') === true;
