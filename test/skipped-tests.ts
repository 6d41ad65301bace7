import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end of a run which servers were absent, and how many tests of which files they left out. */
export default class SkippedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap(({ children }) => [...children.allTests()]);
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const byReason = Map.groupBy(skipped, (test) => test.meta().absence ?? 'Skipped by themselves');
    if (!skipped.some((test) => test.meta().absence)) return;
    console.log(`${tests.length - skipped.length} tests ran, ${skipped.length} were skipped:`);
    for (const [reason, those] of byReason) {
      const byFile = Map.groupBy(those, ({ module }) => module.relativeModuleId);
      const files = [...byFile].map(([file, { length }]) => `${file} (${length})`).toSorted();
      console.log(`\n${reason} (${those.length} tests):\n  ${files.join(', ')}`);
    }
    console.log('\nOUM_REQUIRE_SERVERS=1 makes an absent server a failure.\n');
  }
}
