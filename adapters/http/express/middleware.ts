import type { IncomingMessage, ServerResponse } from 'node:http';

/** The part of Express's request that the mounts read. */
export interface ExpressRequest extends IncomingMessage {
  /** The whole path and query, with what the routers have cut off. */
  readonly originalUrl: string;
  /** What a parser of the application made of the body, if one ran. */
  readonly body?: unknown;
}

/** Hands the request on, or an error to Express. */
export type Next = (error?: unknown) => void;

/** An Express middleware; a promise when something has to be waited for. Errors go to `next`. */
export type ExpressMiddleware<Req extends ExpressRequest> = (
  req: Req,
  res: ServerResponse,
  next: Next,
) => Promise<void> | undefined;
