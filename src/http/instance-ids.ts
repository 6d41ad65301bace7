import type { Settings } from '../options.ts';

/**
 * Creates a source of URNs that name one answer each: UUIDs of version 8 (RFC 9562, section 5.8)
 * made of randomness drawn once, and a counter. A refusal has to be cheap, and secure random bytes
 * cost more than all the rest of it.
 */
export function createInstanceIds({ random }: Pick<Settings, 'random'>): () => string {
  const hex = Buffer.from(random(9)).toString('hex');
  const [low, high] = [hex.slice(0, 8), hex.slice(8, 12)];
  const prefix = `urn:uuid:${low}-${high}-8${hex.slice(12, 15)}-8${hex.slice(15)}-`;
  let count = 0;
  return () => {
    count += 1;
    return prefix + count.toString(16).padStart(12, '0');
  };
}
