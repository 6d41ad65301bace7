/** One module that a file imports, or exports from. */
export interface Import {
  /** The file's path from the root of the project, such as `src/model/member.ts`, or the package. */
  readonly target: string;
  readonly isPackage: boolean;
  /** `type` leaves nothing in the JavaScript; `dynamic` is loaded only when that line runs. */
  readonly kind: 'value' | 'type' | 'dynamic';
}

/** Something in the code that a rule may forbid. */
export interface Finding {
  /** What it is, such as `any` or `Date.now`. */
  readonly what: string;
  readonly line: number;
}

/** What the architecture rules need to know of one source file. */
export interface Source {
  readonly path: string;
  readonly lines: number;
  readonly exports: number;
  readonly imports: readonly Import[];
  readonly findings: readonly Finding[];
}
