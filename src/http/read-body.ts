import { OrgUserManagerError } from '../errors/index.ts';

const jsonType = /^application\/json\s*(?:;|$)/i;

/**
 * Reads the JSON object in a body; no body at all counts as an empty one. Every POST has to say
 * `application/json`, also without a body: a form of another site cannot.
 * Throws `unsupported_media_type`, `body_too_large`, `invalid_input`.
 */
export async function readJsonBody({ headers, body }: Request, maxBytes: number): Promise<object> {
  if (!jsonType.test(headers.get('content-type') ?? '')) {
    throw new OrgUserManagerError('unsupported_media_type', {});
  }
  const text = body ? await readText(body, maxBytes) : '';
  const value: unknown = text === '' ? {} : parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw badBody('must be a JSON object');
}

// Counts what arrives: a Content-Length may lie, or be missing.
async function readText(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await attempt(() => reader.read(), 'ended before its time');
    if (done) return attempt(async () => text + decoder.decode(), 'must be UTF-8');
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw new OrgUserManagerError('body_too_large', {});
    }
    text += await attempt(async () => decoder.decode(value, { stream: true }), 'must be UTF-8');
  }
}

async function attempt<T>(step: () => Promise<T>, message: string): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw badBody(message, cause);
  }
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
