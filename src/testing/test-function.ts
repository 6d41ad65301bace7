/**
 * Registers one test: `test` of vitest, `node:test` or Jest, `it` of Mocha, or a function of your
 * own. The test passes when what `run` returns resolves.
 */
export type TestFunction = (name: string, run: () => Promise<void>) => unknown;
