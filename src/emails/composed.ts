// Composing makes a text shorter by a factor of four at most, and takes time in proportion to the
// square of a run of combining marks: whatever is longer than this is too long composed, too.
const mostComposed = 4 * 253;

/** The text in NFC; what is too long for an address, as it is. */
export function composed(text: string): string {
  return text.length > mostComposed ? text : text.normalize('NFC');
}
