import { OrgUserManagerError } from '../errors/index.ts';
import type { MaybePromise } from '../ports/maybe-promise.ts';
import { fromOutside, orElse } from '../system/maybe-promise.ts';

/**
 * A function of the application, asked about a request. What it throws or rejects with is its own fault,
 * and the `cause` of an `internal` error: an error of this package, too, would be answered as a refusal.
 */
export function asked<Subject, Answer>(
  question: (subject: Subject) => MaybePromise<Answer>,
): (subject: Subject) => MaybePromise<Answer> {
  const ask = (subject: Subject) => fromOutside(question(subject));
  return (subject) => orElse(ask, fail, subject);
}

function fail(thrown: unknown): never {
  throw new OrgUserManagerError('internal', {}, { cause: thrown });
}
