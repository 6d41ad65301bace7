import type { MaybePromise } from '../ports/maybe-promise.ts';

/** An answer from outside, of a host or a store; a promise of any library becomes a native one. */
export function fromOutside<T>(answer: MaybePromise<T>): MaybePromise<T> {
  const isPending = typeof answer === 'object' && answer !== null && 'then' in answer;
  return isPending ? Promise.resolve(answer) : answer;
}

/** Goes on with an answer: at once, or when it is there. */
export function andThen<T, Next>(
  answer: MaybePromise<T>,
  next: (answer: T) => MaybePromise<Next>,
): MaybePromise<Next> {
  return answer instanceof Promise ? answer.then(next) : next(answer);
}

/** Makes a call, or answers its failure, whether it throws or rejects. */
export function orElse<T>(
  call: () => MaybePromise<T>,
  recover: (error: unknown) => MaybePromise<T>,
): MaybePromise<T> {
  try {
    const answer = call();
    return answer instanceof Promise ? answer.catch(recover) : answer;
  } catch (error) {
    return recover(error);
  }
}
