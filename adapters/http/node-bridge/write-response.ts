import type { ServerResponse } from 'node:http';

/** Writes a fetch `Response` to Node's. */
export type WriteResponse = (response: Response, target: ServerResponse) => Promise<void>;

/**
 * Writes a short answer in one piece. It waits for nothing: the sockets that stand in for real ones,
 * such as those of serverless platforms, often do not report that a write is through. Headers that the
 * framework has already set stay, unless the response has its own.
 */
export const writeAnswer: WriteResponse = async (response, target) => {
  const body = Buffer.from(await response.arrayBuffer());
  if (target.headersSent || target.destroyed) return;
  writeHead(response, target);
  if (response.body && target.req.method !== 'HEAD') target.end(body);
  else target.end();
};

/**
 * Writes a response at the client's pace. Resolves when all is handed over or the client is gone.
 * Rejects when the response's body fails; the socket is destroyed if the answer has begun.
 */
export const writeStream: WriteResponse = async (response, target) => {
  const reader = response.body?.getReader();
  const leave = () => void reader?.cancel().catch(() => undefined);
  if (target.headersSent || target.destroyed) return leave();
  if (!reader || target.req.method === 'HEAD') {
    leave();
    writeHead(response, target);
    target.end();
    return;
  }
  // Also ends the wait for the next chunk.
  target.once('close', leave);
  try {
    let part = await reader.read();
    writeHead(response, target);
    while (!part.done && !target.destroyed) {
      // Where nothing waits to be sent, no `drain` follows.
      if (!target.write(part.value) && target.writableLength > 0) await drained(target);
      part = await reader.read();
    }
    target.end();
  } catch (error) {
    // A client must not take a part for the whole.
    if (target.headersSent) target.destroy();
    throw error;
  }
};

function writeHead(response: Response, target: ServerResponse): void {
  target.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie') target.setHeader(name, value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) target.appendHeader('set-cookie', cookies);
}

/** Waits until the client has taken what was written, or is gone. */
const drained = (target: ServerResponse) =>
  new Promise<void>((resolve) => {
    const done = () => {
      target.off('drain', done).off('close', done);
      resolve();
    };
    target.on('drain', done).on('close', done);
  });
