const { nextTick } = process;

/**
 * Resolves once all has been done that waits for nobody, before the event loop turns: what was to be
 * sent has been sent, and no answer has been heard yet.
 */
export function beforeNextTurn(): Promise<void> {
  return new Promise((resolve) => {
    nextTick(resolve);
  });
}
