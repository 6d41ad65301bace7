import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { OrgUserManagerError } from '../../../src/index.ts';

// More than most bodies, so that another reader of the same stream seldom waits for the handler.
const aheadBytes = 1024 * 1024;

/**
 * Begins at once to read a body: what is read only after the application was awaited may have passed
 * by. The stream fails with `body_already_read` when the body was read before. A framework may put
 * another stream in place of the message.
 */
export function readAhead(
  source: Readable,
  message: IncomingMessage,
): ReadableStream<ArrayBufferView> {
  let size = 0;
  let isPaused = false;
  let stop: () => void = () => undefined;
  return new ReadableStream(
    {
      start(controller) {
        const take = (chunk: Buffer | string) => {
          // Strings after `setEncoding()`.
          const encoding = source.readableEncoding ?? 'utf8';
          const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
          size += bytes.byteLength;
          controller.enqueue(new Uint8Array(bytes));
          isPaused = (controller.desiredSize ?? 0) <= 0;
          if (isPaused) source.pause();
        };
        const end = () => {
          // The message had a body, and what stands in its place has none.
          if (size === 0 && message.readableDidRead) return fail(alreadyRead());
          stop();
          controller.close();
        };
        const fail = (cause: unknown) => {
          stop();
          controller.error(cause);
        };
        const close = () => fail(new Error('the body ended before its time'));
        stop = () => {
          source.off('data', take).off('end', end).off('error', fail).off('close', close);
          // Lets the rest pass, so that the connection goes on.
          source.resume();
        };
        // Never removed: a stream that fails without a listener ends the process.
        source.on('error', () => undefined);
        if (source.readableDidRead) return fail(alreadyRead());
        if (source.readableEnded) return end();
        source.on('data', take).on('end', end).on('error', fail).on('close', close).resume();
      },
      pull() {
        if (isPaused) source.resume();
        isPaused = false;
      },
      cancel: () => stop(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: aheadBytes }),
  );
}

/** Lets an unread body pass. Without this a large one would hold up its connection. */
export function discard(body: unknown): void {
  if (body instanceof ReadableStream && !body.locked) body.cancel().catch(() => undefined);
}

const alreadyRead = () => new OrgUserManagerError('body_already_read', {});
