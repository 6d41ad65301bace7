/** What a code unit may be in an address that needs no second look, as bits. */
export const plain = {
  /** Letters and digits. */
  word: 1,
  /** Capital letters, besides `word`. */
  capital: 2,
  /** `.`, `-` and `_`. */
  joiner: 4,
  /** `+`. */
  plus: 8,
  /** What may directly follow an address without changing what it is. */
  follower: 16,
  /** Of those, what may directly precede one. */
  leader: 32,
} as const;

// One slot for every code unit, so that a look-up needs no comparison; beyond ASCII all are zero.
const table = new Uint8Array(0x10000);
mark('abcdefghijklmnopqrstuvwxyz0123456789', plain.word);
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', plain.word | plain.capital);
mark('.-_', plain.joiner);
mark('+', plain.plus);
mark('\t\n\r ,;', plain.follower | plain.leader);
mark(')>"]}<!?|\'', plain.follower);

function mark(characters: string, bits: number): void {
  for (const character of characters) table[character.charCodeAt(0)] = bits;
}

/** The bits of a code unit; none for the end of the text. */
export function plainBits(code: number): number {
  return table[code] ?? 0;
}
