import { ownContext } from './own-context.ts';

// Fake timers of an application's tests replace setTimeout, setImmediate and nextTick, often before this
// is imported and inside Node's modules. They leave message ports and signals alone.

/** The event loop of this thread. */
interface EventLoop {
  /** Runs a task in a later turn. */
  nextTurn(task: () => void): void;
  /** Keeps the process alive until the function that it returns is called. */
  hold(): () => void;
}

const inOwnContext = ownContext();
let opened: EventLoop | undefined;

function eventLoop(): EventLoop {
  opened ??= inOwnContext(openEventLoop);
  return opened;
}

function openEventLoop(): EventLoop {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (!threads) return { nextTurn: (task) => setTimeout(task, 0), hold: () => () => undefined };
  const { port1, port2 } = new threads.MessageChannel();
  let tasks: (() => void)[] = [];
  let holds = 0;
  port1.on('message', () => {
    const due = tasks;
    tasks = [];
    release();
    for (const task of due) task();
  });
  port1.unref();

  function hold(): () => void {
    holds += 1;
    if (holds === 1) port1.ref();
    return release;
  }

  function release(): void {
    holds -= 1;
    if (holds === 0) port1.unref();
  }

  return {
    hold,
    nextTurn(task) {
      tasks.push(task);
      if (tasks.length > 1) return;
      hold();
      port2.postMessage(undefined);
    },
  };
}

/** Runs a task in a later turn of the event loop: callers that were just answered go on before. */
export function nextTurn(task: () => void): void {
  eventLoop().nextTurn(task);
}

/** Keeps the process alive until the function that it returns is called, which is called once. */
export function hold(): () => void {
  return eventLoop().hold();
}

/** Resolves after so many milliseconds of real time, if something else keeps the process alive. */
export function afterMs(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    AbortSignal.timeout(delayMs).addEventListener('abort', () => resolve());
  });
}

/** Resolves after so many milliseconds of real time, at least one turn of the event loop later. */
export async function pause(delayMs: number): Promise<void> {
  const release = hold();
  await afterMs(delayMs);
  release();
}
