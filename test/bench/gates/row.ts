/** What is looked at, what it must be, what it is here, and who misses it by how much. */
export type Row = readonly [what: string, mustBe: string, ours: string, peer: string];
