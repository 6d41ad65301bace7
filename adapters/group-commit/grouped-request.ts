import { type Caller, OrgUserManagerError } from '../../src/index.ts';

/** What may leave together with others like it. */
export interface GroupedRequest {
  /** Whose it is: its calls keep their order, and leave no more than a few at once. */
  readonly partition: string;
  /** Who waits for the answer. */
  readonly caller?: Pick<Caller, 'isGone'> | undefined;
}

/** Whether nobody waits for the answer any more. */
export function isAbandoned({ caller }: GroupedRequest): boolean {
  return caller?.isGone === true;
}

/** The error of a request that has not left. */
export function notMade(): OrgUserManagerError {
  return new OrgUserManagerError('unavailable', { done: false });
}
