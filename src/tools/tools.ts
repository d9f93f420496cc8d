import type { Branches, GatedRuns, Pulls, Tools } from '../agent/ports.ts'
import type { Policy } from '../thread/policy.ts'
import type { Target } from '../thread/target.ts'
import { answerGate } from './answer-gate.ts'
import { dispatch } from './dispatch.ts'
import { toToolError } from './errors.ts'
import { createGatedRuns, prepareGate } from './gates.ts'
import { type Connect, createConnect, type GitHubOptions } from './github.ts'
import { createGuard, type GuardOptions } from './guard.ts'
import { openRunsIn } from './open-runs.ts'
import { prepare } from './prepare.ts'
import { createPulls } from './pulls.ts'
import { read } from './read.ts'
import { cancelRun, verify } from './runs.ts'
import type { Differences } from './ships.ts'
import { waiting } from './waiting.ts'

export interface GitHubToolsOptions extends GitHubOptions, GuardOptions {
  policy: Pick<Policy, 'repository' | 'services' | 'environments'>
}

/** The deterministic code behind the intents, on GitHub. */
export const createGitHubTools = (
  { policy, ...options }: GitHubToolsOptions,
  connect: Connect = createConnect(options),
): Tools & { pulls: Pulls; branches: Branches; gates: GatedRuns } => {
  const { reading, dispatching } = createGuard(options)
  const differences: Differences = new Map()
  return {
    pulls: createPulls(connect, reading),
    gates: createGatedRuns(connect, reading, options.auth),
    branches: {
      waiting: (repository, place) => reading(async () => waiting(await connect(repository), place)),
    },
    openRuns: () => reading(() => openRunsIn(connect, policy)),
    read: (step) => reading(() => read(connect, policy, step)),
    prepare: (target) =>
      reading(async () => {
        const repo = await connect(target.repository)
        const ofService = (one: Target) => prepare(repo, one, differences)
        return target.gate ? prepareGate(repo, target, target.gate, ofService) : ofService(target)
      }),
    dispatch: (order, signal) =>
      dispatching(() =>
        order.gate ? answerGate(connect, order, order.gate, signal) : dispatch(connect, order, signal),
      ),
    verify: (order, runId) => reading(async () => verify(await connect(order.repository), order, runId)),
    cancelRun: (repository, runId) => told(() => reading(async () => cancelRun(await connect(repository), runId))),
  }
}

/** Asking GitHub to stop is harmless to repeat, so what did not get through may be asked again. */
const told = async (ask: () => Promise<{ accepted: boolean; message: string }>) => {
  try {
    return await ask()
  } catch (error) {
    const { message, retryAfterMs } = toToolError(error)
    return { accepted: false, message, ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }) }
  }
}
