import type { MaybePromise } from '../ports/maybe-promise.ts';

/**
 * Whether an answer is a promise, of any library: an application may replace the global `Promise`, and
 * `instanceof` then denies what an async function gives. Only `await` reads the `then`, which may be a
 * getter, and takes what has one that is no function for the answer itself.
 */
export function isPending<T>(answer: MaybePromise<T>): answer is Promise<T> {
  const isObject = typeof answer === 'object' ? answer !== null : typeof answer === 'function';
  return isObject && Reflect.has(Object(answer), 'then');
}

/**
 * An answer from outside, of the application or a store; a promise of any library becomes a native one.
 * `await` reads the state of a native promise itself, so that a `then` of its own changes nothing.
 */
export function fromOutside<T>(answer: MaybePromise<T>): MaybePromise<T> {
  return isPending(answer) ? settled(answer) : answer;
}

const settled = async <T>(answer: PromiseLike<T>): Promise<T> => await answer;

/**
 * Goes on with an answer: at once, or when it is there. The subject is handed on, here and below, since
 * functions made for each request would cost more than what they do.
 */
export function andThen<T, Subject, Next>(
  answer: MaybePromise<T>,
  next: (answer: T, subject: Subject) => MaybePromise<Next>,
  subject: Subject,
): MaybePromise<Next> {
  return isPending(answer) ? later(answer, next, subject) : next(answer, subject);
}

const later = async <T, Subject, Next>(
  answer: Promise<T>,
  next: (answer: T, subject: Subject) => MaybePromise<Next>,
  subject: Subject,
) => next(await answer, subject);

/** Makes a call, or answers its failure, whether it throws or rejects. */
export function orElse<T, Subject>(
  call: (subject: Subject) => MaybePromise<T>,
  recover: (error: unknown, subject: Subject) => MaybePromise<T>,
  subject: Subject,
): MaybePromise<T> {
  try {
    const answer = call(subject);
    return isPending(answer) ? recoverLater(answer, recover, subject) : answer;
  } catch (error) {
    return recover(error, subject);
  }
}

const recoverLater = async <T, Subject>(
  answer: Promise<T>,
  recover: (error: unknown, subject: Subject) => MaybePromise<T>,
  subject: Subject,
) => {
  try {
    return await answer;
  } catch (error) {
    return recover(error, subject);
  }
};
