import { defineConfig } from 'vitest/config'

// All that is done with a browser; what takes long is not part of the suite.
export default defineConfig({
  test: {
    pool: 'forks',
    isolate: false,
    maxWorkers: 1,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/support/postgres-server.ts'],
  },
})
