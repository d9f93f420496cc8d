import { createHash } from 'node:crypto'
import { deployed, headAt, history, hotfix, services } from './history.ts'
import { aiko, maya, sam, tomas } from './people.ts'
import { plantPulls } from './seed-pulls.ts'
import type { CommitRecord, DeploymentRecord, State } from './state.ts'

const HOURS_11 = 11 * 3_600_000
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')

/** The repository acme/shop as every sandbox begins. The same SHAs each time: they hang on places in history, not on words. */
export const seed = (): State => {
  const state = empty()
  plantMain(state)
  plantTags(state)
  plantHotfix(state)
  for (const past of deployed) for (const service of services) plantDeployment(state, past, service)
  plantPulls(state)
  return state
}

/** A repository of acme without anything in it. */
export const empty = (): State => ({
  version: 1,
  next_id: 1000,
  commits: [],
  branches: {},
  tags: {},
  runs: [],
  deployments: [],
  deliveries: [],
  pulls: [],
  comments: [],
  installation: { state: 'active', at: 0 },
  teams: { oncall: [aiko.login, sam.login], developers: [maya.login, tomas.login, aiko.login, sam.login] },
  collaborators: {
    [maya.login]: 'admin',
    'shop-lead': 'admin',
    [tomas.login]: 'write',
    [aiko.login]: 'write',
    [sam.login]: 'write',
    'a-reader': 'read',
  },
  gated: [],
  claims: null,
})

const shaAt = (index: number): string => {
  const sha = sha1(`acme/shop ${index}`)
  return index === history.length - 1 ? `4af9ec0${sha.slice(7)}` : sha
}

const plantMain = (state: State): void => {
  state.commits = history.map(
    (entry, index): CommitRecord => ({
      sha: shaAt(index),
      parents: index === 0 ? [] : [shaAt(index - 1)],
      message: entry.message,
      author: entry.by,
      at: headAt - (history.length - 1 - index) * HOURS_11,
    }),
  )
  state.branches['main'] = shaAt(history.length - 1)
}

const plantTags = (state: State): void => {
  history.forEach(({ tag, annotated }, index) => {
    if (!tag) return
    const at = headAt - (history.length - 1 - index) * HOURS_11 + 600_000
    state.tags[tag] = { commit: shaAt(index), object: annotated ? sha1(`tag ${tag}`) : null, at }
  })
}

const plantHotfix = (state: State): void => {
  const from = state.tags[hotfix.from]
  if (!from) return
  const sha = sha1(`acme/shop ${hotfix.branch}`)
  state.commits.push({
    sha,
    parents: [from.commit],
    message: hotfix.message,
    author: hotfix.by,
    at: from.at + HOURS_11,
  })
  state.branches[hotfix.branch] = sha
}

export const plantDeployment = (
  state: State,
  past: { environment: string; at: string; ref: string },
  service: string,
): void => {
  const sha = state.tags[past.ref]?.commit ?? state.branches[past.ref] ?? past.ref
  const task = `deploy:${service}`
  const at = Date.parse(past.at)
  for (const earlier of state.deployments) {
    if (earlier.task === task && earlier.environment === past.environment) addStatus(state, earlier, 'inactive', at)
  }
  // A branch is never what was deployed: there the tag that people saw is the abbreviated commit.
  const tag = state.tags[past.ref] ? past.ref : sha.slice(0, 7)
  const deployment: DeploymentRecord = {
    id: state.next_id++,
    sha,
    ref: sha,
    task,
    environment: past.environment,
    payload: { tag, dispatch_id: sha1(`${task} ${past.at}`).slice(0, 12) },
    description: `Deploy ${service} ${tag} to ${past.environment}`,
    at: at - 90_000,
    statuses: [],
  }
  addStatus(state, deployment, 'in_progress', at - 80_000)
  addStatus(state, deployment, 'success', at)
  state.deployments.push(deployment)
}

const addStatus = (
  state: State,
  deployment: DeploymentRecord,
  name: 'in_progress' | 'success' | 'inactive',
  at: number,
) => {
  deployment.statuses.push({ id: state.next_id++, state: name, description: '', log_url: '', environment_url: '', at })
}
