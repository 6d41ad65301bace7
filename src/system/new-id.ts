import type { Clock } from '../ports/clock.ts';
import type { RandomSource } from '../ports/random-source.ts';

interface Source {
  readonly clock: Clock;
  readonly random: RandomSource;
}

const randomBytes = 10;
const randomDigits = 2 * randomBytes;
// Sources of random bytes give only so many at once.
const idsPerDraw = 400;

// Of the instant that was stamped last: many calls are made in one.
let stampedAt = -1;
let stamp = '';

/** A UUID of version 7 (RFC 9562, section 5.7): ids made later sort later. */
export function newId(source: Source): string {
  return toId(stampOf(source), randomHex(source, 1), 0);
}

/** Gives each item an id of its own, in their order. Made at once, ids take a fraction of the time. */
export function withNewIds<Item, Result>(
  source: Source,
  items: readonly Item[],
  make: (id: string, item: Item) => Result,
): Result[] {
  const prefix = stampOf(source);
  let hex = '';
  return items.map((item, index) => {
    const place = index % idsPerDraw;
    if (place === 0) hex = randomHex(source, Math.min(idsPerDraw, items.length - index));
    return make(toId(prefix, hex, place * randomDigits), item);
  });
}

function stampOf({ clock }: Source): string {
  const now = clock.now();
  if (now !== stampedAt) {
    const hex = now.toString(16).padStart(12, '0');
    stamp = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
    stampedAt = now;
  }
  return stamp;
}

function randomHex({ random }: Source, ids: number): string {
  const { buffer, byteOffset, length } = random(ids * randomBytes);
  return Buffer.from(buffer, byteOffset, length).toString('hex');
}

function toId(prefix: string, hex: string, at: number): string {
  // The first digit lends two of its bits to the one that says "variant", which is 8 to b.
  const variant = (8 | (Number.parseInt(hex.charAt(at), 16) & 3)).toString(16);
  const [a, b] = [hex.slice(at + 1, at + 4), hex.slice(at + 5, at + 8)];
  return `${prefix}${a}-${variant}${b}-${hex.slice(at + 8, at + randomDigits)}`;
}
