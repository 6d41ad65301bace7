/** The server's side of a WebSocket (RFC 6455), as much of it as tests with short texts need. */
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const opcodes = { text: 1, close: 8 };

/** One client that is connected. */
export interface SocketClient {
  onMessage(listener: (text: string) => void): void;
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** Completes the handshake. */
export function acceptSocket({ headers }: IncomingMessage, socket: Duplex): SocketClient {
  const accept = createHash('sha1')
    .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  const events = new EventEmitter<{ message: [string] }>();
  const write = (opcode: number, payload: Buffer) => {
    if (socket.writable) socket.write(Buffer.from([0x80 | opcode, payload.length, ...payload]));
  };
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on('error', () => socket.destroy());
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let frame = readFrame(received); frame; frame = readFrame(received)) {
      received = received.subarray(frame.length);
      if (frame.opcode === opcodes.text) events.emit('message', frame.payload.toString());
      if (frame.opcode === opcodes.close) socket.end();
    }
  });
  return {
    onMessage: (listener) => void events.on('message', listener),
    send: (text) => write(opcodes.text, Buffer.from(text)),
    close(code, reason) {
      write(opcodes.close, Buffer.from([code >> 8, code & 0xff, ...Buffer.from(reason)]));
    },
  };
}

/** The first frame, once all of it is there: short, whole and masked, as clients send them. */
function readFrame(bytes: Buffer) {
  const [first = 0, second = 0] = bytes;
  const length = 6 + (second & 0x7f);
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(2, 6);
  const payload = bytes.subarray(6, length).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return { opcode: first & 0x0f, payload: Buffer.from(payload), length };
}
