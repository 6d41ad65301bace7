/**
 * An answer, or a promise of it. Whoever knows the answer at once may give it at once, and nobody waits
 * for a turn of the event loop. `await` takes either.
 */
export type MaybePromise<T> = T | Promise<T>;
