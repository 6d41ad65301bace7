const maxIdLength = 255;

/** Whether every database keeps the text: no control characters, no halves of surrogate pairs. */
export function isStorable(text: string): boolean {
  let isPlain = true;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return false;
    if (code >= 0xd800) isPlain = false;
  }
  // Hardly any text has characters up there, and asking takes as long as the loop.
  return isPlain || text.isWellFormed();
}

/** Whether a value can be a host's id: 1 to 255 storable characters. Ids are compared exactly. */
export function isId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length >= 1 &&
    value.length <= maxIdLength &&
    isStorable(value)
  );
}

/** What an id has to be, for people. */
export const idRule = 'must have 1 to 255 characters, none of them a control character';
