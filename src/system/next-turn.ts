/** Resolves once what was to be sent has been sent: what follows runs while the answer is on its way. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
