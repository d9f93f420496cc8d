import { type Nodes, nodesOf } from './graphql.ts'

/** What is asked of a deployment, and how GraphQL tells it. */
export const FIELDS = `databaseId commitOid environment task payload ref { name }
  latestStatus { state createdAt logUrl environmentUrl }
  statuses(first: 10) { nodes { state createdAt logUrl environmentUrl } }`

interface Status {
  state: string
  createdAt: string
  logUrl: string | null
  environmentUrl: string | null
}

export interface ApiDeployment {
  databaseId: number | null
  commitOid: string
  environment: string | null
  task: string | null
  payload: string | null
  ref: { name: string } | null
  latestStatus: Status | null
  statuses: Nodes<Status> | null
}

export interface Deployment {
  id: number
  sha: string
  environment: string
  task: string
  /** As people call it; null where nobody noted a name. */
  tag: string | null
  isSuccess: boolean
  /** When it succeeded, whatever came after; null: never. */
  success: { since: string; url: string | null } | null
}

/** A deployment that succeeded and was not replaced. */
export interface Live {
  tag: string | null
  sha: string
  since: string
  url: string | null
}

export const toDeployment = (one: ApiDeployment): Deployment => {
  const { databaseId, commitOid, environment, task, latestStatus } = one
  const all = [...(latestStatus ? [latestStatus] : []), ...nodesOf(one.statuses)]
  const success = all
    .filter(({ state }) => state === 'SUCCESS')
    .reduce<Status | null>((last, next) => (last && last.createdAt >= next.createdAt ? last : next), null)
  return {
    id: databaseId ?? 0,
    sha: commitOid,
    environment: environment ?? '',
    task: task ?? '',
    tag: tagOf(one),
    isSuccess: latestStatus?.state === 'SUCCESS',
    success: success && { since: success.createdAt, url: success.logUrl || success.environmentUrl || null },
  }
}

/**
 * What is live: of these (newest first) the first that is a success; where none is, the first that was one. Whoever reports a
 * success to an environment makes GitHub retire all others there, whatever their task: `inactive` alone does not say that
 * something else of ours took its place, and an `error` that came after a success does not undo it.
 */
export const liveAmong = (deployments: Deployment[]): Live | null => {
  const live = deployments.find(({ isSuccess }) => isSuccess) ?? deployments.find(({ success }) => success !== null)
  return live?.success ? { tag: live.tag, sha: live.sha, ...live.success } : null
}

/** The tag that people approved, as the workflow noted it; else the ref, unless that is the commit itself. */
const tagOf = ({ payload, ref, commitOid }: ApiDeployment): string | null => {
  const noted = parsed(parsed(payload))
  if (typeof noted === 'object' && noted !== null && 'tag' in noted && typeof noted.tag === 'string') return noted.tag
  return ref && ref.name !== commitOid ? ref.name : null
}

/** GraphQL gives a payload as JSON in a text; one that was text from the start may be JSON once more. */
const parsed = (payload: unknown): unknown => {
  if (typeof payload !== 'string') return payload
  try {
    return JSON.parse(payload)
  } catch {
    return null
  }
}
