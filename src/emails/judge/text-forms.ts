// Anything beyond ASCII may have a case of its own.
const anyUpper = /[A-Z\u0080-\uFFFF]/;
const word = /[\p{L}\p{M}]+/gu;
const beyondAscii = /[\u0080-\uFFFF]/;
// Composing shortens a text by a factor of four at most. Its cost grows with the square of a run of
// combining marks, so that a text which stays too long for an address is not composed.
const maxComposed = 4 * 253;

/** Whether a text has no character beyond ASCII. */
export function isAscii(text: string): boolean {
  return !beyondAscii.test(text);
}

/** Lower case of every word; a sigma that ends a word before a dot is a final one. */
export function lowerCased(text: string): string {
  if (!anyUpper.test(text)) return text;
  return isAscii(text)
    ? text.toLowerCase()
    : text.replace(word, (letters) => letters.toLowerCase());
}

/** Replaces the full-width forms of ASCII, which input methods produce, by ASCII. */
export function foldWidth(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (wide) =>
    String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  );
}

/** The text in NFC; what is too long for an address, as it is. */
export function composed(text: string): string {
  return text.length > maxComposed ? text : text.normalize('NFC');
}
