import type { Scope } from './candidate.ts';
import { goesOnInDomain } from './domain-end.ts';
import { isLineBreak } from './line-break.ts';

const maxLine = 512;
const maxName = 64;
const maxWord = 80;

// A property of iCalendar and vCard (RFC 5545, RFC 6350) as it starts a line. One without parameters may
// as well be a word of the person who pasted it.
const property = /^(?:[a-z\d]+\.)?(?:[A-Z][A-Z\d-]*;[A-Za-z\d-]+=|EMAIL:\S)/;
// Those that hold text; people who write such lines by hand break them between words, and early.
const textProperty =
  /^(?:[a-z\d]+\.)?(?:DESCRIPTION|SUMMARY|COMMENT|CONTACT|NOTE|URL|X-[A-Z\d-]+):\S/;
const fullLine = 70;
const fold = /^(?:\r\n?|\n)[ \t]/;
const foldBefore = /(?:\r\n?|\n)[ \t]$/;
const endsWord = /[\p{L}\p{M}\p{N}.+_-]$/u;
const endsInAddress = /@[^@;:\s]*$/;
// What starts with an address of its own, or with the next property of an indented card, is a line.
const ownLine = /^[\p{L}\p{M}\p{N}.+_-]{1,64}@|^[A-Z\d-]+[;:]/u;

/**
 * How long the fold of a line is that ends at `start`, when a word may go on behind it: calendars and
 * cards fold lines anywhere, even inside an address.
 */
export function foldLengthBefore(text: string, start: number): number {
  const [found = ''] = foldBefore.exec(text.slice(Math.max(0, start - 3), start)) ?? [];
  if (found === '') return 0;
  const end = start - found.length;
  const before = text.slice(Math.max(0, end - maxWord), end);
  if (!endsWord.test(before.slice(-2)) || endsInAddress.test(before)) return 0;
  return isProperty(text, end) ? found.length : 0;
}

/** Whether the word that ends at `end` goes on behind the fold of a line. */
export function isFolded(scope: Scope, end: number): boolean {
  const tail = scope.text.slice(end, end + maxWord);
  const [found = ''] = fold.exec(tail) ?? [];
  if (found === '') return false;
  const next = tail.slice(found.length);
  return !ownLine.test(next) && goesOnInDomain(scope, end, next) && isProperty(scope.text, end);
}

// Whether the line that ends at `end`, with the folded ones before it, is a property.
function isProperty(text: string, end: number): boolean {
  const lowest = Math.max(0, end - maxLine);
  let start = end;
  let lineStart = lowest;
  while (start > lowest && !startsLine(text, start)) {
    start--;
    if (lineStart === lowest && isLineBreak(text.charCodeAt(start))) lineStart = start + 1;
  }
  const head = text.slice(start, Math.min(start + maxName, end));
  if (property.test(head)) return true;
  return end - Math.max(start, lineStart) >= fullLine && textProperty.test(head);
}

function startsLine(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  if (!isLineBreak(before)) return false;
  const code = text.charCodeAt(at);
  return code !== 0x20 && code !== 0x09 && code !== 0x0a;
}
