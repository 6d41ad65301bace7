/** Ids that grow with the number, whatever their kind. */
export function uuid(kind: number, number: number): string {
  return `00000000-0000-7000-800${kind}-${String(number).padStart(12, '0')}`;
}
