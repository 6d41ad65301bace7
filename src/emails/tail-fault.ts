import type { AddressReason } from './address-reason.ts';
import type { Candidate, Scope } from './candidate.ts';
import { isBeforeCommand } from './terminal-command.ts';
import { isBrokenOff } from './word-break.ts';
import { goesOnWritten } from './written-character.ts';

// `%`, `&`, `=` and a backslash start a character that is spelled with several others, `=`, `<` and
// line breaks break a word, as U+001B does, a star hides letters, and brackets may be around a dot.
const mayGoOn = new Set(Array.from('\n\r%&=\\<*([{\x1B', (mark) => mark.charCodeAt(0)));
// Enough for a few characters spelled so.
const window = 32;

// Hyphens and dots as word processors write them.
const joinedLabel = /^[\u2010\u2011\u2024\u2212\uFE52\uFE63][\p{L}\p{N}]/u;
// The last dot of a domain that nobody is to follow: `example.co[.]uk`.
const bracketedDot = /^[([{](?:\.|dot)[)\]}][\p{L}\p{N}]/iu;
const mask = /^[*\u2022\u25CF]{2}/;

/**
 * What is wrong with a candidate whose local part starts at `start` when its word goes on behind the
 * domain: what stands before that is only a piece.
 */
export function tailFault(
  scope: Scope,
  { domainStart, end }: Candidate,
  start: number,
): AddressReason | undefined {
  const { text } = scope;
  const code = text.charCodeAt(end);
  if (!(code > 127) && !mayGoOn.has(code)) return undefined;
  const tail = text.slice(end, end + window);
  if (goesOnWritten(tail) || isBrokenOff(scope, start, end)) return 'entity-encoded';
  if (isBeforeCommand(tail)) return 'entity-encoded';
  if (joinedLabel.test(tail)) return 'bad-label';
  if (bracketedDot.test(tail) && text.slice(domainStart, end).includes('.')) return 'bad-label';
  // `a@example.co***`: what shows of it is no domain. Paired stars are emphasis.
  return mask.test(tail) && text.charAt(start - 1) !== '*' ? 'masked' : undefined;
}
