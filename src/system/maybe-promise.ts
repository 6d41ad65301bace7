import type { MaybePromise } from '../ports/maybe-promise.ts';

/**
 * An answer from outside, of the application or a store; a promise of any library becomes a native one.
 * `await` reads the state of a native promise itself, so that a `then` of its own changes nothing.
 */
export function fromOutside<T>(answer: MaybePromise<T>): MaybePromise<T> {
  const isPending = typeof answer === 'object' && answer !== null && 'then' in answer;
  return isPending ? settled(answer) : answer;
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
  return answer instanceof Promise ? later(answer, next, subject) : next(answer, subject);
}

const later = <T, Subject, Next>(
  answer: Promise<T>,
  next: (answer: T, subject: Subject) => MaybePromise<Next>,
  subject: Subject,
) => answer.then((found) => next(found, subject));

/** Makes a call, or answers its failure, whether it throws or rejects. */
export function orElse<T, Subject>(
  call: (subject: Subject) => MaybePromise<T>,
  recover: (error: unknown, subject: Subject) => MaybePromise<T>,
  subject: Subject,
): MaybePromise<T> {
  try {
    const answer = call(subject);
    return answer instanceof Promise ? recoverLater(answer, recover, subject) : answer;
  } catch (error) {
    return recover(error, subject);
  }
}

const recoverLater = <T, Subject>(
  answer: Promise<T>,
  recover: (error: unknown, subject: Subject) => MaybePromise<T>,
  subject: Subject,
) => answer.catch((error: unknown) => recover(error, subject));
