/** How the counters of an idempotency key begin: of its units, and of what was asked for. */
export const keyPrefixes = { units: 'k/', call: 'c/' } as const;

/** Whether a counter is one of an idempotency key. */
export function isKeyCounter(key: string): boolean {
  return key.startsWith(keyPrefixes.units) || key.startsWith(keyPrefixes.call);
}
