import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { OrgUserManagerError } from '../../../src/index.ts';
import { writeJson } from './write-json.ts';

/** What `toRequest()` cannot take from Node's request, because frameworks rewrite it. */
export interface RequestParts {
  /** Path and query, as the handler is to see them. */
  readonly url: string;
  /** Returns the body: a stream of `readAhead()`, what a parser has made of it, or `undefined`. */
  readonly body: () => unknown;
  /** Whether a parser says that it has read the body, so that an empty one is what was sent. */
  readonly isWhole?: boolean;
  /** Aborts when the client is gone. */
  readonly signal?: AbortSignal | undefined;
}

// Never the Host header, which is the sender's to choose.
const origin = 'http://localhost';

/** Stands for the methods that no fetch request may have. */
const unknownMethod = 'UNKNOWN';

// The names of methods and headers (RFC 9110, section 5.6.2).
const token = /^[!#$%&'*+.^_`|~\w-]+$/;

type MessageParts = Pick<IncomingMessage, 'method' | 'headers' | 'readableDidRead'>;

/** Makes a fetch `Request` of Node's. Its body fails where what was sent is not what is there. */
export function toRequest(message: MessageParts, parts: RequestParts): Request {
  const { method: named = 'GET', headers } = message;
  const { url, body: bodyOf, signal } = parts;
  const isKnown = token.test(named) && !/^(?:CONNECT|TRACE|TRACK)$/i.test(named);
  const method = isKnown ? named : unknownMethod;
  // Put behind the origin as text: `new URL('//host/', origin)` would go to that host.
  const target = origin + (url.startsWith('/') ? url : `/${url}`);
  const init = { method, headers: toHeaders(headers), signal: signal ?? null };
  const hasBody = method !== 'GET' && method !== 'HEAD' && method !== unknownMethod;
  const given = hasBody ? bodyOf() : undefined;
  if (given === undefined || given === null) return new Request(target, init);
  const isParsed = !(given instanceof ReadableStream);
  const body = isParsed ? toContent(given, message, parts) : given;
  // They describe the bytes that the parser has read.
  if (isParsed) for (const name of bodyHeaders) init.headers.delete(name);
  return new Request(target, { ...init, ...{ body, duplex: 'half' } });
}

const bodyHeaders = ['content-encoding', 'content-length', 'transfer-encoding'];

/** The body that a parser has left, or a stream that fails with what is wrong with it. */
function toContent(parsed: unknown, message: MessageParts, { isWhole = false }: RequestParts) {
  const body = toBytes(parsed);
  if (body === undefined) return failed(strange());
  const isObject = typeof parsed === 'object' && body === '{}';
  const isEmpty = body.length === 0 || isObject;
  if (!isEmpty || isWhole || !wasSent(message)) return body;
  // As long as what was announced.
  if (`${body.length}` === message.headers['content-length']) return body;
  const details = isObject ? { arrived: 'empty_object' as const } : {};
  return failed(new OrgUserManagerError('body_already_read', details));
}

function toBytes(parsed: unknown): string | Uint8Array<ArrayBuffer> | undefined {
  if (typeof parsed === 'string') return parsed;
  if (parsed instanceof Uint8Array) return new Uint8Array(parsed);
  return writeJson(parsed);
}

const wasSent = ({ readableDidRead, headers }: MessageParts) =>
  readableDidRead ||
  headers['transfer-encoding'] !== undefined ||
  Number(headers['content-length']) > 0;

// Not thrown: who is signed in is asked first.
const failed = (error: OrgUserManagerError) =>
  new ReadableStream({ start: (controller) => controller.error(error) });

const strange = () =>
  new OrgUserManagerError('invalid_input', {
    issues: [{ path: '', message: 'must hold nothing that JSON cannot hold, such as 1e400' }],
  });

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
