import type { Scope } from './candidate.ts';

// Colors and the like, as a terminal reads them and as source code, JSON and pagers spell that:
// `\x1B[1;31m`, `^[[1;31m`.
const opening = String.raw`(?:\x1B|\^\[|\\(?:u001b|x1b|033|e))\[`;
const command = String.raw`${opening}[\d;]*[a-z]`;
const openCommand = new RegExp(String.raw`${opening}(?:\d*;)*$`, 'i');
const commandEnd = /^\d{0,4}[a-z]/i;
const commands = new RegExp(`(?:${command})+$`, 'i');
const wordEnd = /[\p{L}\p{M}\p{N}.+_-]$/u;
// What an at sign follows is the next address.
const beforeWord = new RegExp(String.raw`^(?:${command})+[.-]?[\p{L}\p{N}](?![^\s@]*@)`, 'iu');
const window = 64;

/** The cheap question first: whether a command can be open behind this code unit. */
export function mayOpenCommand(code: number): boolean {
  return code === 0x5b || code === 0x3b;
}

/** How much of the run that starts at `start` still belongs to a command that is open there. */
export function commandLength({ text, floor }: Scope, start: number): number {
  const before = text.slice(Math.max(floor, start - window), start);
  if (!openCommand.test(before)) return 0;
  return commandEnd.exec(text.slice(start, start + 5))?.[0].length ?? 0;
}

/** Whether a command that ends `length` behind `start` is in the middle of a word. */
export function isBehindCommand({ text, floor }: Scope, start: number, length: number): boolean {
  if (!mayOpenCommand(text.charCodeAt(start - 1))) return false;
  const before = text.slice(Math.max(floor, start - window), start + length);
  const at = commands.exec(before)?.index ?? 0;
  return wordEnd.test(before.slice(0, at));
}

/** Whether a word goes on behind a command that starts the text behind it. */
export function isBeforeCommand(text: string): boolean {
  return beforeWord.test(text);
}
