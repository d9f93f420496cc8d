import { whoIs } from '../thread/contact/who.ts'
import type { Actor, GateRequest } from '../thread/event.ts'
import { fold } from '../thread/evolve.ts'
import type { Policy } from '../thread/policy.ts'
import { repositoriesOf, repositoryOf } from '../thread/repositories.ts'
import { tagInWords } from '../thread/text.ts'
import { forEach } from './each.ts'
import { shortened } from './names.ts'
import type { Delivery, Door, GatedRuns, Gates, Listing, Log, Logger, Members, WaitingRun } from './ports.ts'
import { launchOnce } from './threads.ts'

export interface GateDeps {
  door: Door
  log: Pick<Log, 'taken' | 'load'>
  listing: Pick<Listing, 'list'>
  runs: GatedRuns
  members: Pick<Members, 'isMember'>
  policy: Policy
  logger: Pick<Logger, 'info'>
}

/**
 * A gated environment asks us, and a thread asks people. Once for each run, attempt and environment: however often, by whom and under
 * whatever delivery id it is told. What a webhook says is only why we look.
 */
export const createGates = (deps: GateDeps): Gates => {
  const { runs, policy } = deps
  const threadsOf = async (run: WaitingRun): Promise<string[]> => {
    const asking = await runs.environments(run.repository, run.run_id)
    const threads = await Promise.all(asking.map((environment) => threadOf(run, environment, deps)))
    return threads.filter((id) => id !== null)
  }
  return {
    asked: async (repository, runId) => {
      const run = await runs.run(repository, runId)
      return run ? threadsOf(run) : []
    },
    sweep: async () => {
      await forEach(repositoriesOf(policy), async (repository) => {
        const waiting = await runs.waiting(repository)
        await giveUp(repository, new Set(waiting.map(({ run_id }) => run_id)), deps)
        await forEach(waiting, async (run) => void (await threadsOf(run)))
      })
    },
  }
}

const MOST_OPEN = 100

/** Closes the questions about runs that do not wait any more: somebody cancelled them, or GitHub gave up. */
const giveUp = async (repository: string, waiting: Set<number>, deps: GateDeps): Promise<void> => {
  const { door, log, listing, runs } = deps
  const { threads } = await listing.list({ agent: 'gate', status: 'awaiting_approval', limit: MOST_OPEN })
  for (const { id } of threads) {
    const request = fold((await log.load(id)).events)?.gate?.request
    // What began to wait since the list was read is not in it.
    if (request?.repository !== repository || waiting.has(request.run_id)) continue
    const asking = await runs.environments(repository, request.run_id)
    if (!asking.includes(request.environment)) await door.handle(id, { type: 'gate_gone', actor: { kind: 'github' } })
  }
}

const threadOf = async (run: WaitingRun, environment: string, deps: GateDeps): Promise<string | null> => {
  const { door, log, runs, policy, logger } = deps
  const fields = { run_id: run.run_id, environment }
  if (!Object.hasOwn(policy.environments, environment)) {
    logger.info(fields, 'a run waits for an environment that deploybot.yaml does not name')
    return null
  }
  const delivery = deliveryOf(run, environment)
  // Known from before: GitHub need not be asked whose gate it is.
  const taken = idIn((await log.taken(delivery))?.body)
  if (taken !== null) return taken
  if (!(await runs.isOurs(run.repository, environment))) {
    logger.info(fields, 'a run waits at a gate that is not ours')
    return null
  }
  const gate = { ...run, environment, service: serviceOf(run, policy) }
  const launch = {
    type: 'launch',
    agent: 'gate',
    message: titleOf(gate),
    gate,
    actor: await actorOf(gate, deps),
  } as const
  return launchOnce(door, launch, delivery)
}

const deliveryOf = ({ repository, run_id, attempt }: WaitingRun, environment: string): Delivery => ({
  source: 'gate',
  id: shortened(`${repository}/${run_id}/${attempt}/${environment}`),
  body_hash: '',
})

const idIn = (body: unknown): string | null => {
  const { thread_id } = (body ?? {}) as { thread_id?: unknown }
  return typeof thread_id === 'string' ? thread_id : null
}

/** The service whose workflow this is; a workflow of none stands for itself. */
const serviceOf = ({ repository, workflow }: WaitingRun, policy: Policy): string =>
  Object.entries(policy.services).find(
    ([name, service]) => service.workflow === workflow && repositoryOf(policy, name) === repository,
  )?.[0] ?? workflow

const titleOf = ({ environment, workflow, run_id, sha }: GateRequest): string =>
  `May run ${run_id} of ${workflow} (${tagInWords(sha)}) go on to ${environment}?`

/** Whoever started it has asked for it: where policy forbids self-approval, theirs does not count. */
const actorOf = async ({ requested_by }: GateRequest, deps: GateDeps): Promise<Actor> => {
  const id = whoIs({ github: requested_by }, deps.policy) ?? (await inTeam(requested_by, deps))
  return id === null ? { kind: 'github' } : { kind: 'person', id, via: 'github run' }
}

/** The first person of deploybot.yaml who is a team that this account belongs to. Where nobody can say, nobody may approve yet. */
const inTeam = async (login: string | null, { policy, members }: GateDeps): Promise<string | null> => {
  if (login === null) return null
  for (const [id, { github_team: team }] of Object.entries(policy.people)) {
    if (team !== undefined && (await members.isMember(team, login))) return id
  }
  return null
}
