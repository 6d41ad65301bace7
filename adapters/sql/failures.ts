import type { SqlEngine } from './engine.ts';

/** Whether a CHECK constraint refused the statement. */
export function isCheckViolation(engine: SqlEngine, error: unknown): boolean {
  return saysOneOf(error, engine.checkViolations);
}

/** Whether the transaction lost against another one, so that trying it again may succeed. */
export function isConflict(engine: SqlEngine, error: unknown): boolean {
  return saysOneOf(error, engine.conflicts);
}

/** Whether the server has given up a wait, and undone the statement. */
export function hasGivenUp(engine: SqlEngine, error: unknown): boolean {
  return saysOneOf(error, engine.gaveUp);
}

/** Whether a driver's error has one of these codes. */
export function saysOneOf(error: unknown, codes: readonly (string | number)[]): boolean {
  const { code, errno, errcode } = Object(error);
  return [code, errno, errcode].some((said) => codes.includes(said));
}
