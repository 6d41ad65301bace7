import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { OrgUserManagerError } from '../../../src/index.ts';

/** What `toRequest()` cannot take from Node's request, because frameworks rewrite it. */
export interface RequestParts {
  /** Path and query, as the handler is to see them. */
  readonly url: string;
  /** The unread body as a stream, a body that the framework has already parsed, or `undefined`. */
  readonly body: unknown;
  /** Aborts when the client is gone. */
  readonly signal?: AbortSignal | undefined;
}

// Never the Host header, which is the sender's to choose.
const origin = 'http://localhost';

/**
 * Makes a fetch `Request` of Node's. The body is not read here: whoever reads it decides how much.
 *
 * Throws `method_not_allowed` for TRACE, which fetch does not know.
 */
export function toRequest(
  { method = 'GET', headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  { url, body, signal }: RequestParts,
): Request {
  if (method === 'TRACE') throw new OrgUserManagerError('method_not_allowed', {});
  // Put behind the origin as text: `new URL('//host/', origin)` would go to that host.
  const target = origin + (url.startsWith('/') ? url : `/${url}`);
  const init = { method, headers: toHeaders(headers), signal: signal ?? null };
  if (method === 'GET' || method === 'HEAD' || body === undefined) return new Request(target, init);
  return new Request(target, { ...init, ...toBody(body) });
}

function toHeaders(incoming: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming)) {
    // The pseudo-headers of HTTP/2, such as `:path`, are no headers.
    if (name.startsWith(':')) continue;
    for (const value of [values ?? []].flat()) headers.append(name, value);
  }
  return headers;
}

function toBody(body: unknown) {
  if (body instanceof Readable) return { body: toStream(body), duplex: 'half' };
  if (typeof body === 'string') return { body };
  if (body instanceof Uint8Array) return { body: new Uint8Array(body) };
  return { body: JSON.stringify(body) };
}

/** Leaving it early drops the rest instead of closing the socket, so that the answer arrives. */
function toStream(body: Readable): ReadableStream<Uint8Array> {
  const chunks = body.iterator({ destroyOnReturn: false });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return?.();
        body.resume();
      },
    },
    { highWaterMark: 0 },
  );
}
