/** Runs a task, and answers what it answers. */
type Run = <T>(task: () => T) => T;

/**
 * The asynchronous context (`AsyncLocalStorage`) that is current now, to run background work in it later:
 * neither in that of the request that happens to start it, nor keeping that alive.
 */
export function ownContext(): Run {
  const hooks = globalThis.process?.getBuiltinModule?.('node:async_hooks');
  return hooks ? hooks.AsyncLocalStorage.snapshot() : (task) => task();
}
