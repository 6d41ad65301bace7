/** Something that the background does beside the mail; asked to stop, it ends as soon as it can. */
export type Chore = (isStopped: () => boolean) => Promise<void>;

/** The chores of the background, one after another. */
export interface Chores {
  /** Begins all of them; once more, if they are being done. */
  begin(): void;
  /** Resolves when none is being done. */
  ended(): Promise<void>;
}

/** Creates them. A chore that fails is reported, and the next one begins. */
export function createChores(
  chores: readonly Chore[],
  onError: (error: unknown) => void,
  isStopped: () => boolean,
): Chores {
  let running: Promise<void> | undefined;
  let again = false;

  async function run(): Promise<void> {
    do {
      again = false;
      for (const chore of chores) await chore(isStopped).catch(onError);
    } while (again && !isStopped());
    running = undefined;
  }

  return {
    begin() {
      again = true;
      running ??= run();
    },
    ended: async () => running,
  };
}
