import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need root, or a cluster: npm run test:vm.
    exclude: ['test/vm/**', 'test/upstream/**'],
    pool: 'threads',
    // Nothing is kept in modules: one worker for many files saves more time than the tests take.
    isolate: false,
    // For a computer that is busy: nothing here waits.
    testTimeout: 60_000,
  },
});
