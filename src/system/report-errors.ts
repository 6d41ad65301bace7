import { toOrgUserManagerError } from '../errors/index.ts';
import type { OnError } from '../ports/on-error.ts';

const isWord = (value: unknown) => typeof value === 'string' && /^\w{1,64}$/.test(value);

/** Names the error and no more: its text may hold an address or a link. */
export function warnOfError(error: unknown): void {
  const which = wordsOf(error).join(' ');
  process.emitWarning(`org-user-manager met an error (${which}); the option onError receives it`);
}

function wordsOf(error: unknown): readonly unknown[] {
  try {
    const { name, code } = Object(error);
    return [name, code].filter(isWord);
  } catch {
    return [];
  }
}

/** A Proxy may throw when it is asked what it is. */
function isError(thrown: unknown): boolean {
  try {
    return thrown instanceof Error;
  } catch {
    return false;
  }
}

/**
 * Makes an `onError` of the application safe to call from anywhere: when it throws or rejects, one
 * process warning says so, and no caller. It always gets an error: what was thrown and is none is the
 * `cause` of an `internal` one, since most applications read the message of what they get.
 */
export function isolateOnError(onError: OnError): OnError {
  let hasFailed = false;
  function warnOnce(): void {
    if (hasFailed) return;
    hasFailed = true;
    process.emitWarning('the option onError of org-user-manager failed, and an error was lost');
  }
  return (thrown, ...occasion) => {
    const error = isError(thrown) ? thrown : toOrgUserManagerError(thrown);
    // `async` turns a synchronous throw into a rejection too.
    const call = async () => {
      await onError(error, ...occasion);
    };
    call().catch(warnOnce);
  };
}
