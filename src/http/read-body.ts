import { isOrgUserManagerError, OrgUserManagerError } from '../errors/index.ts';
import { findKeyIssue } from './find-key-issue.ts';

const jsonType = /^application\/json\s*(?:;|$)/i;

/**
 * Reads the JSON object in a body, and begins before it returns; no body at all counts as an empty one.
 * Every POST has to say `application/json`, also without a body: a form of another site cannot.
 * Throws `unsupported_media_type`, `unsupported_content_encoding`, `body_already_read`,
 * `body_too_large`, `invalid_input`.
 */
export async function readJsonBody(request: Request, maxBytes: number): Promise<object> {
  const { headers, body, bodyUsed } = request;
  if (!jsonType.test(headers.get('content-type') ?? '')) {
    throw new OrgUserManagerError('unsupported_media_type', {});
  }
  if (!/^(?:identity)?$/i.test(headers.get('content-encoding')?.trim() ?? '')) {
    throw new OrgUserManagerError('unsupported_content_encoding', {});
  }
  const isTaken = bodyUsed || body?.locked === true;
  const text = body && !isTaken ? await readText(body, maxBytes) : '';
  if (text !== '') return parseObject(text);
  // A body that was announced and not seen is not the same as none.
  if (isTaken || Number(headers.get('content-length')) > 0 || (!body && isChunked(headers))) {
    throw new OrgUserManagerError('body_already_read', {});
  }
  return {};
}

const isChunked = (headers: Headers) => headers.has('transfer-encoding');

async function readText(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const reader = body.getReader();
  try {
    return await readAll(reader, maxBytes);
  } finally {
    // Lets the rest pass. Not awaited: the other branch of a cloned body would hold up the answer.
    reader.cancel().catch(() => undefined);
  }
}

// Counts what arrives: a Content-Length may lie, or be missing.
async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await attempt(() => reader.read(), 'ended before its time');
    if (done) return attempt(async () => text + decoder.decode(), 'must be UTF-8');
    size += value.byteLength;
    if (size > maxBytes) throw new OrgUserManagerError('body_too_large', {});
    text += await attempt(async () => decoder.decode(value, { stream: true }), 'must be UTF-8');
  }
}

async function attempt<T>(step: () => Promise<T>, message: string): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw isOrgUserManagerError(cause) ? cause : badBody(message, cause);
  }
}

function parseObject(text: string): object {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badBody('must be a JSON object');
  }
  const issue = findKeyIssue(text);
  if (issue) throw new OrgUserManagerError('invalid_input', { issues: [issue] });
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badBody('must be JSON', cause);
  }
}

const badBody = (message: string, cause?: unknown) =>
  new OrgUserManagerError('invalid_input', { issues: [{ path: '', message }] }, { cause });
