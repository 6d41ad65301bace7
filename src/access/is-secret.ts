/** What a secret has to be, and how to get one. */
export const secretRule =
  'must be at least 32 random bytes, such as those of `openssl rand -base64 32`, or a list of such secrets';

// Bits that a secret has to have when all that can be guessed is left out.
const fewestBits = 80;

// What the examples of guides are made of.
const knownWords =
  /change|replace|example|sample|secret|password|passphrase|private|placeholder|insecure|default|development|production|staging|testing|session|cookie|signing|token|random|string|character|minimum|length|keyboard|correct|horse|battery|staple|your|must|least|long|this|here|with|very|super|please|secure|lorem|ipsum|dolor|amet|jwt|key/gi;

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
 * Whether a string can be a secret. Words of well-known examples, repetitions, and runs of the alphabet
 * and the keyboard are left out; the entropy of the rest decides. It is no proof of randomness.
 */
export function isSecret(value: unknown): boolean {
  if (typeof value !== 'string' || Buffer.byteLength(value) < 32) return false;
  return entropyOf(unforeseen(value.replace(knownWords, ''))) >= fewestBits;
}

/** The characters that do not end a triple that has been there before, is a run, or is one character. */
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
