/** Whether a code unit is a line break. */
export function isLineBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}
