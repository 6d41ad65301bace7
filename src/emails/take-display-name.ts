import type { Scope } from './candidate.ts';
import { readDisplayName } from './display-name.ts';
import type { Ledger } from './ledger.ts';

interface Addressee {
  /** Where the address starts, with its scheme. */
  readonly start: number;
  /** Of the address; empty when it cannot be invited. */
  readonly key: string;
  /** Whether nothing like a domain follows the at sign. */
  readonly isEmpty: boolean;
}

const openAngle = 0x3c;
const maxGap = 3;
const gap = /[ \u00A0\p{Cf}]/u;
const padding = ' \u00A0"\'';

/**
 * The name in front of an address in angle brackets. That address is the recipient: another one in
 * its name is a disguise, and rejected.
 */
export function takeDisplayName(
  { text, floor }: Scope,
  ledger: Ledger,
  { start, key, isEmpty }: Addressee,
): string | undefined {
  const angle = start - 1;
  if (isEmpty) return undefined;
  if (text.charCodeAt(angle) !== openAngle) return nameBeforeGap(text, angle, floor);
  const display = readDisplayName(text, angle, floor);
  const isAdjacent = floor > 0 && angle >= floor && isPadding(text, floor, angle);
  const from = isAdjacent ? Math.min(display.start, floor - 1) : display.start;
  ledger.rejectFrom(from, key);
  return display.name || undefined;
}

// `Ana < ana@example.com >`. As likely a comparison, so nobody in front of it is refused.
function nameBeforeGap(text: string, from: number, floor: number): string | undefined {
  let angle = from;
  const lowest = Math.max(floor, from - maxGap);
  while (angle > lowest && gap.test(text.charAt(angle))) angle--;
  if (text.charCodeAt(angle) !== openAngle || angle < floor) return undefined;
  return readDisplayName(text, angle, floor).name || undefined;
}

function isPadding(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    if (!padding.includes(text.charAt(index))) return false;
  }
  return true;
}
