/** What a byte may be in an address that needs no second look, as bits. */
export const plain = {
  /** Letters and digits. */
  word: 1,
  /** Capital letters, besides `word`. */
  capital: 2,
  /** `.` and `-`. */
  joiner: 4,
  /** `+` and `_`: in local parts only. */
  sign: 8,
  /** What may directly follow an address without changing what it is. */
  follower: 16,
  /** What else can belong to a local part. */
  loud: 32,
  /** What is beyond ASCII and may belong to an address, or join one. */
  wide: 64,
} as const;

/** The byte of what is beyond ASCII and ends every run of address characters. */
export const wideBoundaryByte = 0x80;
/** The byte of blanks beyond ASCII behind which a word may go on. */
export const wideBlankByte = 0xfe;
/** The byte of anything else beyond ASCII. */
export const wideByte = 0xff;

const table = new Uint8Array(256);
mark('abcdefghijklmnopqrstuvwxyz0123456789', plain.word);
mark('ABCDEFGHIJKLMNOPQRSTUVWXYZ', plain.word | plain.capital);
mark('.-', plain.joiner);
mark('+_', plain.sign);
mark('\t\n\r ,;)>"]', plain.follower);
mark("}!?|'", plain.follower | plain.loud);
mark('#$%&*/=^`{~', plain.loud);
table[wideByte] = plain.wide;
table[wideBlankByte] = plain.wide;

function mark(characters: string, bits: number): void {
  for (const character of characters) table[character.charCodeAt(0)] = bits;
}

/** The bits of a byte; none beyond ASCII. */
export function plainBits(code: number): number {
  return table[code] ?? 0;
}
