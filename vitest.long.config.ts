import { defineConfig } from 'vitest/config'

// Whole releases through faults and storms. A small setting of each is a row of test/faults, which runs inside the suite.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: ['test/long/**/*.test.ts'],
    globalSetup: ['test/support/postgres-server.ts'],
  },
})
