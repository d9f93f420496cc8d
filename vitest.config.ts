import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'forks',
    // Files share their process, and so the loading of modules: that was a third of all the time. No test changes what another imports.
    isolate: false,
    // Most tests wait for a process, a timer or the network: two more than two cores keep both busy.
    maxWorkers: 4,
    testTimeout: 40_000,
    hookTimeout: 40_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/{thread,model,tools,sandbox,channels,config,toolchain}/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['test/{agent,commands,store,http,service,telemetry}/**/*.test.ts'],
          globalSetup: ['test/support/postgres-server.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'emulate', include: ['test/emulate/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'faults', include: ['test/faults/**/*.test.ts'] },
      },
    ],
  },
})
