import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChargeCommand, ChargeReport, CounterPlace } from './charge-commands.ts';

type Charges = Omit<Extract<ChargeCommand, { do: 'charge' }>, 'do'>;

/** Processes that charge one store after another, against each other. */
export interface ChargeProcesses {
  open(countersOf: (index: number) => CounterPlace): Promise<void>;
  /** All charge at once. */
  charge(charges: Charges): Promise<readonly ChargeReport[]>;
  close(): Promise<void>;
  /** Waits until they have ended by themselves, which a store left open would prevent. */
  stop(): Promise<readonly number[]>;
}

const script = fileURLToPath(new URL('charge-worker.ts', import.meta.url));
// Its features are those of the source, not of the build.
const onSource = '--conditions=org-user-manager-source';
const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'oum-test-compiled') };

/** Starts processes. Whoever starts them has to stop them. */
export async function startChargeProcesses(count: number): Promise<ChargeProcesses> {
  const children = await Promise.all(Array.from({ length: count }, start));
  const askAll = <Answer>(
    commandOf: (index: number) => ChargeCommand,
  ): Promise<readonly Answer[]> =>
    Promise.all(children.map(({ ask }, index) => ask<Answer>(commandOf(index))));
  return {
    async open(countersOf) {
      await askAll((index) => ({ do: 'open', counters: countersOf(index) }));
    },
    charge: (charges) => askAll((_index) => ({ do: 'charge', ...charges })),
    async close() {
      await askAll(() => ({ do: 'close' }));
    },
    stop: () => Promise.all(children.map(({ stop }) => stop())),
  };
}

async function start() {
  const child = fork(script, { execArgv: [onSource], env });
  const exit = once(child, 'exit');
  await once(child, 'message');
  return {
    async ask<Answer>(command: ChargeCommand): Promise<Answer> {
      const answered = once(child, 'message');
      child.send(command);
      const died = exit.then(() => Promise.reject(new Error('the process has died')));
      const [answer] = await Promise.race([answered, died]);
      return answer;
    },
    async stop(): Promise<number> {
      if (child.connected) child.disconnect();
      const [code] = await exit;
      return Number(code);
    },
  };
}
