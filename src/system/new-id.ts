import type { Clock } from '../ports/clock.ts';
import type { RandomSource } from '../ports/random-source.ts';

/** A UUID of version 7 (RFC 9562, section 5.7): ids made later sort later. */
export function newId({ clock, random }: { clock: Clock; random: RandomSource }): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(clock.now(), 0, 6);
  bytes.set(random(10), 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${groups.join('-')}-${hex.slice(20)}`;
}
