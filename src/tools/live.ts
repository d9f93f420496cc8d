import { ToolError } from '../agent/ports.ts'
import type { LiveDeployment } from '../thread/event.ts'
import type { Policy } from '../thread/policy.ts'
import { type Deployment, listDeployments, liveAmong, PAGE, taskOf } from './deployments.ts'
import type { Repo } from './github.ts'
import { nearest } from './nearest.ts'

/** What the tools need to know of the team's rules. */
export type Places = Pick<Policy, 'services' | 'environments'>

/** What runs where: every service in every environment, or those that were named. */
export const whatIsLive = async (
  repo: Repo,
  map: Places,
  named: { service?: string | null; environment?: string | null },
): Promise<LiveDeployment[]> => {
  const services = chosen('service', named.service, Object.keys(map.services))
  const environments = chosen('environment', named.environment, Object.keys(map.environments))
  const fit = {
    ...(named.service && { task: taskOf(named.service) }),
    ...(named.environment && { environment: named.environment }),
  }
  const recent = await listDeployments(repo, fit)
  const places = services.flatMap((service) => environments.map((environment) => ({ service, environment })))
  const found = await Promise.all(places.map((place) => liveIn(repo, recent, place)))
  return found.filter((one) => one !== null)
}

interface Place {
  service: string
  environment: string
}

const liveIn = async (repo: Repo, recent: Deployment[], place: Place): Promise<LiveDeployment | null> => {
  const fit = { task: taskOf(place.service), environment: place.environment }
  const here = recent.filter(({ task, environment }) => task === fit.task && environment === fit.environment)
  const live = await liveAmong(repo, here)
  if (live) return { ...place, ...live }
  // A full page may have pushed out what was deployed long ago, here and nowhere else.
  const older = recent.length === PAGE ? await liveAmong(repo, await listDeployments(repo, fit)) : null
  return older && { ...place, ...older }
}

const chosen = (kind: 'service' | 'environment', name: string | null | undefined, names: string[]): string[] => {
  if (!name) return names
  if (names.includes(name)) return [name]
  throw new ToolError(`unknown_${kind}`, `no ${kind} is called ${name.slice(0, 200)}`, {
    nearest: nearest(name, names),
  })
}
