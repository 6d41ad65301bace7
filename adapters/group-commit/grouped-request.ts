/** What may leave together with others like it. */
export interface GroupedRequest {
  /** Whose it is: its calls keep their order, and leave no more than a few at once. */
  readonly partition: string;
  /** Whether nobody waits for the answer any more. */
  readonly isAbandoned?: (() => boolean) | undefined;
}

/** Whether nobody waits for the answer any more. */
export function isAbandoned({ isAbandoned }: GroupedRequest): boolean {
  return isAbandoned?.() === true;
}
