/** Where an error was met. */
export interface ErrorOccasion {
  /**
   * Names the answer that hid the error from the client: the member `instance` of its problem document,
   * a `urn:uuid:`.
   */
  readonly instance: string;
}

/**
 * Receives errors that have no caller, each an `Error`: of what was thrown and is none, an `internal` one
 * with that as its `cause`. The occasion is absent when no answer hid the error.
 */
export type OnError = (error: unknown, occasion?: ErrorOccasion) => void;
