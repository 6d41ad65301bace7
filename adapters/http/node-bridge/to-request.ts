import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What `toRequest()` cannot take from Node's request, because frameworks rewrite it. */
export interface RequestParts {
  /** Path and query, as the handler is to see them. */
  readonly url: string;
  /** Returns the body: a stream of `readAhead()`, what a parser has made of it, or `undefined`. */
  readonly body: () => unknown;
  /** Aborts when the client is gone. */
  readonly signal?: AbortSignal | undefined;
}

// Never the Host header, which is the sender's to choose.
const origin = 'http://localhost';

/** Stands for the methods that no fetch request may have. */
const unknownMethod = 'UNKNOWN';

// The names of methods and headers (RFC 9110, section 5.6.2).
const token = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Makes a fetch `Request` of Node's. */
export function toRequest(
  { method: given = 'GET', headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  { url, body: bodyOf, signal }: RequestParts,
): Request {
  const isKnown = token.test(given) && !/^(?:CONNECT|TRACE|TRACK)$/i.test(given);
  const method = isKnown ? given : unknownMethod;
  // Put behind the origin as text: `new URL('//host/', origin)` would go to that host.
  const target = origin + (url.startsWith('/') ? url : `/${url}`);
  const init = { method, headers: toHeaders(headers), signal: signal ?? null };
  const hasBody = method !== 'GET' && method !== 'HEAD' && method !== unknownMethod;
  const body = hasBody ? bodyOf() : undefined;
  if (body === undefined || body === null) return new Request(target, init);
  if (body instanceof ReadableStream) {
    return new Request(target, { ...init, ...{ body, duplex: 'half' } });
  }
  // They describe the bytes that the parser has read.
  for (const name of bodyHeaders) init.headers.delete(name);
  return new Request(target, { ...init, body: toText(body) });
}

const bodyHeaders = ['content-encoding', 'content-length', 'transfer-encoding'];

function toText(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return JSON.stringify(body);
}

function toHeaders(incoming: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming)) {
    // The pseudo-headers of HTTP/2, such as `:path`, are no headers; nor is what has no header's name.
    if (!token.test(name)) continue;
    for (const value of [values ?? []].flat()) headers.append(name, toLatin1(value));
  }
  return headers;
}

// A header that fetch cannot hold stays as one that differs: left out, it would count as not sent.
const toLatin1 = (value: string) => `${value}`.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
