import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end of a run which servers were absent, and how many tests of which files were skipped. */
export default class SkippedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap(({ children }) => [...children.allTests()]);
    const ran = tests.filter((test) => test.result().state !== 'skipped');
    const skipped = tests.filter((test) => test.meta().absence !== undefined);
    if (skipped.length === 0) return;
    console.log(`${ran.length} tests ran, ${skipped.length} were skipped:`);
    for (const [reason, those] of Map.groupBy(skipped, (test) => test.meta().absence)) {
      const byFile = Map.groupBy(those, ({ module }) => module.relativeModuleId);
      const files = [...byFile].map(([file, { length }]) => `${file} (${length})`).toSorted();
      console.log(`\n${those.length} because ${reason}:\n  ${files.join(', ')}`);
    }
    console.log('\nOUM_REQUIRE_SERVERS=1 makes an absent server a failure.\n');
  }
}
