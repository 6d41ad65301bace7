/** What an idempotency key has to be; see `isIdempotencyKey`. */
export const idempotencyKeyRule = 'must have 1 to 128 visible ASCII characters';

/** Whether a value can be an idempotency key. */
export function isIdempotencyKey(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value);
}
