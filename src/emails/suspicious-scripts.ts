import { isAscii } from './ascii.ts';

// Each row counts as one script: Japanese and Korean are written in several at once.
const scripts = [
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}]/u,
  /(?![A-Za-z])\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Georgian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Devanagari}/u,
  /\p{Script=Bengali}/u,
  /\p{Script=Tamil}/u,
  /\p{Script=Thai}/u,
];

const latinLookalike =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
const asciiLetter = /[A-Za-z]/;

// `𝗮`, `ª` or `ﬁ`: ASCII in other clothes.
function isDressed(character: string): boolean {
  return !isAscii(character) && isAscii(character.normalize('NFKC'));
}

/**
 * Whether a local part or a label mixes scripts the way spoofed names do: more than one script
 * besides ASCII, ASCII letters among letters that look like them, or letters that are ASCII in another
 * shape.
 */
export function mixesScripts(text: string): boolean {
  if (latinLookalike.test(text) && asciiLetter.test(text)) return true;
  if (!isAscii(text) && Array.from(text).some(isDressed)) return true;
  return scripts.filter((script) => script.test(text)).length > 1;
}
