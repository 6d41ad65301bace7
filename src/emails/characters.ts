/** What an ASCII character may be around an at sign, as bits. */
export const kind = {
  /** Letters and digits. */
  word: 1,
  /** `.`, `-` and `_`: in local parts and, for scanning, in domains. */
  joiner: 2,
  /** The rest of atext (RFC 5322), of which `+` alone is no wrapper. */
  loud: 4,
  /** Plain behind an address, whatever follows it. */
  closes: 8,
} as const;

/** The bits of each ASCII code unit. */
export const kinds: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  kindOf(String.fromCharCode(code)),
);

function kindOf(character: string): number {
  let bits = 0;
  if (/[A-Za-z0-9]/.test(character)) bits |= kind.word;
  if (/[._-]/.test(character)) bits |= kind.joiner;
  if (/[!#$%&'*+/=?^`{|}~]/.test(character)) bits |= kind.loud;
  if (/[\s,;")\]]/.test(character)) bits |= kind.closes;
  return bits;
}

// Invisible and broken characters belong to the run, so that the whole is refused or resolved.
const wideLocal =
  /[\p{L}\p{Mn}\p{Mc}\p{Nd}\p{Nl}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\p{Co}\p{Cn}\uFFFD\uFF0B\uFF0D\uFF0E\uFF3F]/u;
const wideDomain =
  /[\p{L}\p{Mn}\p{Mc}\p{Nd}\p{Nl}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}\p{Co}\p{Cn}\uFFFD\u3002\uFF0D\uFF0E\uFF61]/u;

/** Whether a character beyond ASCII may be part of a local part. */
export function isWideLocal(character: string): boolean {
  return wideLocal.test(character);
}

/** Whether a character beyond ASCII may be part of a domain. */
export function isWideDomain(character: string): boolean {
  return wideDomain.test(character);
}

/** Scripts that are written without spaces between words. */
export const unspaced: string =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';

/** Invisible characters that copying leaves; fillers, which look like a blank, are none. */
export const unseen: string = '\\p{Cf}\\u034F\\u180B-\\u180F\\uFE00-\\uFE0F';
