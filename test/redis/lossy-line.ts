import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A line to a server of this machine, whose answers can get lost. */
export interface LossyLine {
  readonly port: number;
  readonly url: string;
  /** Instead of the next answer, whoever asks finds the connection ended. */
  loseNextAnswer(): void;
  close(): void;
}

export async function openLossyLine(serverPort: number): Promise<LossyLine> {
  const sockets = new Set<Socket>();
  let isLossy = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    // An end that nobody planned shows in what the test expects.
    return socket.on('error', () => undefined);
  };
  const line = createServer((asking) => {
    const server = keep(connect(serverPort, '127.0.0.1'));
    keep(asking).pipe(server);
    server.on('data', (answer) => {
      if (!isLossy) return void asking.write(answer);
      isLossy = false;
      asking.destroy();
      server.destroy();
    });
    asking.on('close', () => server.destroy());
    server.on('close', () => asking.destroy());
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  const { port } = Object(line.address());
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    loseNextAnswer() {
      isLossy = true;
    },
    close() {
      line.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
