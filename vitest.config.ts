import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need root, or a cluster: npm run test:vm.
    exclude: ['test/vm/**', 'test/upstream/**'],
    pool: 'threads',
    testTimeout: 20_000,
  },
});
