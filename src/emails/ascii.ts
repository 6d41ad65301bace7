// Anything beyond ASCII may have a case of its own.
const anyUpper = /[A-Z\u0080-\uFFFF]/;
const word = /[\p{L}\p{M}]+/gu;
const beyondAscii = /[\u0080-\uFFFF]/;

/**
 * Whether a text has no character beyond ASCII. An expression, because a loop over the short
 * slices that this package asks about takes three times as long.
 */
export function isAscii(text: string): boolean {
  return !beyondAscii.test(text);
}

/**
 * `toLowerCase` of every word: a sigma that ends one before a dot is a final one, too. What is in
 * lower case already is not copied.
 */
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
