/** Takes the place of PGlite in the first pass, where it takes longest: a database that does not answer. */
export class PGlite {
  readonly closed = true;
}
