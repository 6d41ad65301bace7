import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * Writes a fetch `Response` to Node's, at the client's pace. Headers that the framework has already
 * set stay, unless the response has its own. Resolves when all is handed over or the client is gone;
 * rejects when the response's body fails.
 */
export async function writeResponse(response: Response, target: ServerResponse): Promise<void> {
  if (target.headersSent || target.destroyed) {
    await response.body?.cancel();
    return;
  }
  target.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') target.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) target.appendHeader('set-cookie', cookies);
  if (!response.body || target.req.method === 'HEAD') {
    await response.body?.cancel();
    target.end();
    return;
  }
  try {
    await pipeline(response.body, target);
  } catch (error) {
    if (!target.destroyed || target.errored) throw error;
  }
}
