// Anything beyond ASCII may have a case of its own.
const anyUpper = /[A-Z\u0080-\uFFFF]/;
const beyondAscii = /[\u0080-\uFFFF]/;

/**
 * Whether a text has no character beyond ASCII. An expression, because a loop over the short
 * slices that this package asks about takes three times as long.
 */
export function isAscii(text: string): boolean {
  return !beyondAscii.test(text);
}

/** `toLowerCase`, which copies even what is in lower case already. */
export function lowerCased(text: string): string {
  return anyUpper.test(text) ? text.toLowerCase() : text;
}

/** Replaces the full-width forms of ASCII, which input methods produce, by ASCII. */
export function foldWidth(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (wide) =>
    String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  );
}
