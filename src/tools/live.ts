import { ToolError } from '../agent/ports.ts'
import type { LiveDeployment } from '../thread/event.ts'
import type { Policy } from '../thread/policy.ts'
import { repositoriesOf, repositoriesWith, repositoryOf } from '../thread/repositories.ts'
import { type Deployment, liveAmong } from './deployment.ts'
import { deploymentsFor, deploymentsIn, PAGE, taskOf } from './deployments.ts'
import type { Connect, Repo } from './github.ts'
import { nearest } from './nearest.ts'

/** What the tools need to know of the team's rules. */
export type Places = Pick<Policy, 'repository' | 'services' | 'environments'>

/** What runs where: every service in every environment, or those that were named. */
export const whatIsLive = async (
  connect: Connect,
  map: Places,
  named: { service?: string | null; environment?: string | null },
): Promise<LiveDeployment[]> => {
  const services = chosen('service', named.service, Object.keys(map.services))
  const environments = chosen('environment', named.environment, Object.keys(map.environments))
  const isOne = repositoriesOf(map).length === 1
  const found = await Promise.all(
    repositoriesWith(services, map).map(async (repository) => {
      const here = services.filter((service) => repositoryOf(map, service) === repository)
      const live = await liveOf(await connect(repository), here, environments)
      return isOne ? live : live.map((one) => ({ repository, ...one }))
    }),
  )
  return found.flat()
}

/** What is live of the services of one repository. */
const liveOf = async (repo: Repo, services: string[], environments: string[]): Promise<LiveDeployment[]> => {
  const recent = await deploymentsIn(repo, environments)
  const places = services.flatMap((service) => environments.map((environment) => ({ service, environment })))
  const found = await Promise.all(
    places.map(async (place) => {
      const live = await liveIn(repo, recent.get(place.environment) ?? [], place)
      return live && { ...place, ...live }
    }),
  )
  return found.filter((one) => one !== null)
}

interface Place {
  service: string
  environment: string
}

/** What is live in a place, by the newest deployments of its environment. */
export const liveIn = async (repo: Repo, recent: Deployment[], { service, environment }: Place) => {
  const task = taskOf(service)
  const live = liveAmong(recent.filter((one) => one.task === task))
  // A full page may have pushed out what was deployed long ago, here and nowhere else.
  return live || recent.length < PAGE ? live : liveAmong(await deploymentsFor(repo, { task, environment }))
}

const chosen = (kind: 'service' | 'environment', name: string | null | undefined, names: string[]): string[] => {
  if (!name) return names
  if (names.includes(name)) return [name]
  throw new ToolError(`unknown_${kind}`, `no ${kind} is called ${name.slice(0, 200)}`, {
    nearest: nearest(name, names),
  })
}
