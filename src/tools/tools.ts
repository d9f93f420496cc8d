import type { Tools } from '../agent/ports.ts'
import type { Policy } from '../thread/policy.ts'
import { dispatch } from './dispatch.ts'
import { toToolError } from './errors.ts'
import { createConnect, type GitHubOptions } from './github.ts'
import { prepare } from './prepare.ts'
import { read } from './read.ts'
import { cancelRun, findRun } from './runs.ts'
import type { CommitDates } from './tags.ts'

export interface GitHubToolsOptions extends GitHubOptions {
  policy: Pick<Policy, 'repository' | 'services' | 'environments'>
}

/** The deterministic code behind the intents, on GitHub. */
export const createGitHubTools = ({ policy, ...options }: GitHubToolsOptions): Tools => {
  const connect = createConnect(options)
  const dates: CommitDates = new Map()
  return {
    read: (step) => failing(async () => read(await connect(policy.repository), policy, dates, step)),
    prepare: (target) => failing(async () => prepare(await connect(target.repository), target)),
    dispatch: (order) => dispatch(connect, order),
    findRun: (order, runId) => failing(async () => findRun(await connect(order.repository), order, runId)),
    cancelRun: (repository, runId) => cancelRun(connect, repository, runId),
  }
}

/** Whatever goes wrong in here is a ToolError to those outside. */
const failing = async <T>(act: () => Promise<T>): Promise<T> => {
  try {
    return await act()
  } catch (error) {
    throw toToolError(error)
  }
}
