import { afterAll, beforeAll, vi } from 'vitest';

/** What a file of tests has met. */
export interface Met {
  cases: number;
  /** Requests that went past a door, or were charged, and should not have been. */
  letThrough: number;
  /** Rejections and exceptions that nothing handles: each would have ended the process. */
  exits: number;
  /** Process warnings. */
  warnings: number;
}

/**
 * Counts for as long as the tests of a file run, and prints the counts. The file fails when a request was
 * let through that should not have been, or when the process would have ended.
 */
export function countExits(name: string): Met {
  const met: Met = { cases: 0, letThrough: 0, exits: 0, warnings: 0 };
  const exit = () => {
    met.exits += 1;
  };
  beforeAll(() => {
    process.on('unhandledRejection', exit);
    process.on('uncaughtException', exit);
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {
      met.warnings += 1;
    });
  });
  afterAll(async () => {
    await new Promise(setImmediate);
    process.off('unhandledRejection', exit);
    process.off('uncaughtException', exit);
    vi.restoreAllMocks();
    const { cases, letThrough, exits } = met;
    console.log(`${name}: ${cases} cases, ${letThrough} let through, ${exits} exits`);
    if (letThrough > 0) throw new Error('a callback has let a request through');
    if (exits > 0) throw new Error('a callback would have ended the process');
  });
  return met;
}
