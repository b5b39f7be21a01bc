import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with `N passed, N failed`, which `.ci/run` adds up. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const failed = tests.filter((test) => test.result().state === 'failed').length;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    process.on('exit', () => process.stdout.write(`${passed} passed, ${failed + broken + errors.length} failed\n`));
  }
}
