/** What an admin expects of one paste, beyond the addresses themselves. */
interface Expectation {
  /** The reasons of the rejected entries, in order, separated by spaces. Default: there are none. */
  readonly rejected?: string;
  /** Those of the expected addresses that ask for a look, separated by spaces. Default: none. */
  readonly review?: string;
  /** Why this is the answer, where reasonable people differ. */
  readonly ruling?: string;
}

/**
 * A paste and the addresses expected from it, in order, separated by spaces. Domains are written
 * as people read them; the judge's A-labels are compared through Node's own IDNA.
 */
export type PasteCase = readonly [text: string, people: string, expectation?: Expectation];
