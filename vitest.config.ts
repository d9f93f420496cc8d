import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// They mostly wait, for processes and faults. Begun last, as the shortest files are, they were all that ran for a minute.
const LONGEST = [
  'faults/campaign',
  'service/process',
  'service/gates',
  'service/guards',
  'service/release-stops',
  'browser/pages',
  'service/action-launch',
  'http/backpressure',
  'commands/threads',
  'http/mcp',
  'service/deployment',
  'service/outage',
  'store/embedded',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => LONGEST.some((name) => moduleId.includes(name))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Files share their process, and so the loading of modules: that was a third of all the time. No test changes what another imports.
    isolate: false,
    // Most tests wait for a process, a timer or the network: on two cores four of them kept 60 % busy, six 70 %.
    maxWorkers: 6,
    // Processes that tests start compile once for all of them: this is where src/main.ts keeps it unless told otherwise.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    sequence: { sequencer: LongestFirst },
    testTimeout: 40_000,
    hookTimeout: 40_000,
    // One project: each would have processes of its own, which load and compile everything again.
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/long/**', 'test/long/**'],
    globalSetup: ['test/support/postgres-server.ts'],
  },
})
