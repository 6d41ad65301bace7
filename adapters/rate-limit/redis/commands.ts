import type { Script } from './charge-script.ts';
import type { RedisClient } from './client.ts';
import { toFailure } from './failures.ts';

/** What the counters ask of Redis, whichever client carries it there. */
export interface Commands {
  /** Runs a script in one round trip; in two where Redis has not met it yet. */
  run(script: Script, keys: string[], rest: string[]): Promise<readonly number[]>;
  read(keys: string[]): Promise<readonly number[]>;
}

/** Speaks to either client in its own way. */
export function commandsOf(client: RedisClient): Commands {
  if ('evalSha' in client) {
    return {
      run: (script, keys, rest) =>
        runScript(
          () => client.evalSha(script.sha1, { keys, arguments: rest }),
          () => client.eval(script.source, { keys, arguments: rest }),
        ),
      read: async (keys) => toNumbers(await client.mGet(keys)),
    };
  }
  return {
    run: (script, keys, rest) =>
      runScript(
        () => client.evalsha(script.sha1, keys.length, ...keys, ...rest),
        () => client.eval(script.source, keys.length, ...keys, ...rest),
      ),
    read: async (keys) => toNumbers(await client.mget(keys)),
  };
}

async function runScript(
  byName: () => Promise<unknown>,
  byText: () => Promise<unknown>,
): Promise<readonly number[]> {
  try {
    return readCounters(await byNameFirst(byName, byText));
  } catch (error) {
    throw toFailure(error);
  }
}

async function byNameFirst(
  byName: () => Promise<unknown>,
  byText: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await byName();
  } catch (error) {
    // After any other error the script may have run.
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return byText();
  }
}

// Texts, or buffers where a client is set up so. An absent counter is null.
function toNumbers(reply: unknown): readonly number[] {
  if (!Array.isArray(reply)) throw new TypeError('the Redis client answered with no list');
  return reply.map(Number);
}

/** The answer of a script: numbers with blanks between them. */
function readCounters(reply: unknown): readonly number[] {
  return String(reply).split(' ').map(toNumber);
}

function toNumber(text: string): number {
  const number = Number(text);
  if (Number.isNaN(number)) throw new TypeError('the script answered with no numbers');
  return number;
}
