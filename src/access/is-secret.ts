/** What a secret has to be, and how to get one. */
export const secretRule =
  'must be at least 32 random bytes, such as those of `openssl rand -base64 32`, or a list of such secrets';

// Bits that a secret has to have when all that can be guessed is left out.
const fewestBits = 80;

// What the examples of guides and notes to oneself are made of.
const knownWords =
  /change|replace|example|sample|secret|password|passphrase|private|placeholder|insecure|default|development|production|staging|testing|session|cookie|signing|token|random|string|character|minimum|length|keyboard|correct|horse|battery|staple|your|must|least|long|this|here|with|very|super|please|secure|lorem|ipsum|dolor|amet|quick|brown|jumps|lazy|jwt|key|openssl|rand|base64|generate|todo|fixme|application|before|launch|deploy|real|value|some|\b(?:an?|and|as|at|for|from|in|is|it|my|of|on|or|put|run|set|the|to)\b/gi;

// Digests of nothing by MD5, SHA-1 and SHA-256, in hex and base64, and the AES key of FIPS 197, appendix A.
const knownValues =
  /2b7e151628aed2a6abf7158809cf4f3c|d41d8cd98f00b204e9800998ecf8427e|da39a3ee5e6b4b0d3255bfef95601890afd80709|e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855|47DEQpj8HBSa\+\/TImW\+5JCeuQeRkm5NMpJWZG3hSuFU/gi;

// A URL, a command, or a variable of a template that was never filled in.
const noSecret = /[a-z]{2}:\/\/|\$\([a-z]{2,} |\$\{\w{3,}\}|\{\{.+\}\}/i;

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik',
];
const runs = rows.flatMap((row) => [row, [...row].reverse().join('')]);

/**
 * Whether a string can be a secret. URLs and commands are none. Words of well-known examples, repetitions,
 * and runs of the alphabet and the keyboard are left out; the entropy of the rest decides. The same holds
 * for readable text in base64. It is no proof of randomness. Of random strings of 32 decimal digits about
 * 3 in 100 are refused; 40 digits are enough. Of 16 random bytes in hex, 1 in 75,000 is refused.
 */
export function isSecret(value: unknown): boolean {
  if (typeof value !== 'string' || Buffer.byteLength(value) < 32) return false;
  const decoded = /^[\w+/-]+=*$/.test(value) ? Buffer.from(value, 'base64').toString('latin1') : '';
  const texts = /^[ -~]+$/.test(decoded) ? [value, decoded] : [value];
  return texts.every((text) => !noSecret.test(text) && bitsOf(text) >= fewestBits);
}

function bitsOf(text: string): number {
  const rest = text.replace(knownValues, '').replace(knownWords, '');
  // Two runs may take turns, as in `a1b2c3` and in bytes that count up.
  const turns = [rest.replace(/(.)./g, '$1'), rest.replace(/.(.?)/g, '$1')];
  const isForeseen = turns.some((turn) => unforeseen(turn).length < turn.length / 2);
  return isForeseen ? 0 : entropyOf(unforeseen(rest));
}

/**
 * Leaves out each character that could be foreseen from the two before it: the three of them are one
 * character repeated, a run of the alphabet or keyboard, or stood together earlier in the text.
 */
function unforeseen(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const met = new Set<string>();
  return [...text].filter((_, index) => {
    const triple = lower.slice(Math.max(0, index - 2), index + 1);
    const isKnown =
      met.has(triple) || runs.some((run) => triple.length === 3 && run.includes(triple));
    met.add(triple);
    return !isKnown && new Set(triple).size > 1;
  });
}

/** Shannon's entropy of all the characters together, in bits. */
function entropyOf(characters: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  const share = (count: number) => count / characters.length;
  return [...counts.values()].reduce((bits, count) => bits - count * Math.log2(share(count)), 0);
}
