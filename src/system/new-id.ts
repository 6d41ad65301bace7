import type { Clock } from '../ports/clock.ts';
import type { RandomSource } from '../ports/random-source.ts';

// Of the instant that was stamped last: hundreds of ids are made in one.
let stampedAt = -1;
let stamp = '';

/** A UUID of version 7 (RFC 9562, section 5.7): ids made later sort later. */
export function newId({ clock, random }: { clock: Clock; random: RandomSource }): string {
  const now = clock.now();
  if (now !== stampedAt) {
    const hex = now.toString(16).padStart(12, '0');
    stamp = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
    stampedAt = now;
  }
  const bytes = random(10);
  const [first = 0] = bytes;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 10).toString('hex');
  // The first byte lends two of its bits to the digit that says "variant", which is 8 to b.
  const variant = (8 | (first >> 6)).toString(16);
  return `${stamp}${hex.slice(1, 4)}-${variant}${hex.slice(5, 8)}-${hex.slice(8)}`;
}
