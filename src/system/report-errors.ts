import type { OnError } from '../ports/on-error.ts';

const isWord = (value: unknown) => typeof value === 'string' && /^\w{1,64}$/.test(value);

/** Names the error and no more: its text may hold an address or a link. */
export function warnOfError(error: unknown): void {
  const { name, code } = Object(error);
  const which = [name, code].filter(isWord).join(' ');
  process.emitWarning(`org-user-manager met an error (${which}); the option onError receives it`);
}

/**
 * Makes an `onError` of the application safe to call from anywhere: when it throws or rejects, one
 * process warning says so, and no caller.
 */
export function isolateOnError(onError: OnError): OnError {
  let hasFailed = false;
  function warnOnce(): void {
    if (hasFailed) return;
    hasFailed = true;
    process.emitWarning('the option onError of org-user-manager failed, and an error was lost');
  }
  return (...report) => {
    // `async` turns a synchronous throw into a rejection too.
    const call = async () => {
      await onError(...report);
    };
    call().catch(warnOnce);
  };
}
