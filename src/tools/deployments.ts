import type { Octokit } from 'octokit'
import type { Repo } from './github.ts'
import { inGroups } from './tags.ts'

type Repos = Octokit['rest']['repos']
export type Deployment = Awaited<ReturnType<Repos['listDeployments']>>['data'][number]
type Status = Awaited<ReturnType<Repos['listDeploymentStatuses']>>['data'][number]

/** A deployment that succeeded and was not replaced. */
export interface Live {
  tag: string | null
  sha: string
  since: string
  url: string | null
}

export const PAGE = 100

/** Which deployments are a service's: the example workflows record each under this task. */
export const taskOf = (service: string): string => `deploy:${service}`

/** The newest deployments that fit, the newest first. */
export const listDeployments = async (
  { octokit, owner, repo }: Repo,
  fit: { task?: string; environment?: string; sha?: string },
): Promise<Deployment[]> => {
  const { data } = await octokit.rest.repos.listDeployments({ owner, repo, per_page: PAGE, ...fit })
  return data.sort((a, b) => Number(b.id) - Number(a.id))
}

/** What is live: of these (newest first) the first whose latest status is success. Two at a time, as one may be under way. */
export const liveAmong = async (repo: Repo, deployments: Deployment[]): Promise<Live | null> => {
  for (const some of inGroups(deployments, 2)) {
    const found = await Promise.all(some.map(async (one) => liveOf(one, (await statuses(repo, one))[0])))
    const live = found.find((one) => one !== null)
    if (live) return live
  }
  return null
}

/** Whether one of these ever succeeded, whatever came after. */
export const succeeded = async (repo: Repo, deployments: Deployment[]): Promise<boolean> => {
  for (const some of inGroups(deployments, 5)) {
    const all = await Promise.all(some.map((one) => statuses(repo, one)))
    if (all.flat().some(({ state }) => state === 'success')) return true
  }
  return false
}

const statuses = async ({ octokit, owner, repo }: Repo, { id }: Deployment): Promise<Status[]> => {
  const asked = { owner, repo, deployment_id: Number(id), per_page: PAGE }
  const { data } = await octokit.rest.repos.listDeploymentStatuses(asked)
  return data.sort((a, b) => Number(b.id) - Number(a.id))
}

const liveOf = (deployment: Deployment, latest: Status | undefined): Live | null => {
  if (latest?.state !== 'success') return null
  const url = latest.log_url || latest.target_url || latest.environment_url
  return { tag: tagOf(deployment), sha: deployment.sha, since: latest.created_at, url: url || null }
}

/** The tag that people approved, as the workflow noted it; else the ref, unless that is the commit itself. */
const tagOf = ({ payload, ref, sha }: Deployment): string | null => {
  const noted = typeof payload === 'string' ? parsed(payload) : payload
  if (typeof noted === 'object' && noted !== null && 'tag' in noted && typeof noted.tag === 'string') return noted.tag
  return ref === sha ? null : ref
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
