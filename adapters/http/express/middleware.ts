import type { IncomingMessage, ServerResponse } from 'node:http';

/** The part of Express's request that the mounts read. */
export interface ExpressRequest extends IncomingMessage {
  /** The whole path and query, with what the routers have cut off. */
  readonly originalUrl: string;
  /** What a parser of the host made of the body, if one ran. */
  readonly body?: unknown;
}

/** An Express middleware. Errors go to `next`. */
export type ExpressMiddleware<Req extends ExpressRequest> = (
  req: Req,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => Promise<void>;
