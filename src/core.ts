import { WriteDoor } from './agent/door.ts'
import type { Pass } from './agent/failpoint.ts'
import { createGates } from './agent/gates.ts'
import { createDispatchOf } from './agent/own-run.ts'
import type { Branches, GatedRuns, Judge, Logger, Members, Model, Pulls, Tools, Watch } from './agent/ports.ts'
import { Recent } from './agent/recent.ts'
import { createGather, createReleases } from './agent/releases.ts'
import { rulesOf } from './agent/rules.ts'
import { createStaleCheck } from './agent/schedules.ts'
import { createThreads } from './agent/threads.ts'
import { createWaker } from './agent/waker.ts'
import { portsWithFailpoints, storeWithFailpoints } from './agent/with-failpoints.ts'
import { Worker } from './agent/worker.ts'
import { type Channels, createChannels } from './channels/channels.ts'
import { createThreadChannel } from './channels/thread.ts'
import type { Store } from './store/store.ts'
import { watchQueue } from './telemetry/queue.ts'
import type { Telemetry } from './telemetry/telemetry.ts'
import type { Personal } from './thread/contact/ladder.ts'
import type { Policy } from './thread/policy.ts'

export interface CoreDeps {
  store: Store
  policy: Policy
  telemetry: Telemetry
  tools: Tools & { pulls: Pulls; branches: Branches; gates: GatedRuns }
  model: Model
  judge?: Judge
  /** All but that to other threads, which leads through this core's own door. */
  channels: Omit<Channels, 'thread'>
  /** By which of these people can be reached. */
  ways: readonly Personal[]
  members: Pick<Members, 'isMember'>
  publicUrl: string
  pass: Pass | null
  logger: Logger
}

/** The write door and the worker over one log, and what reaches from thread to thread. The worker is not started yet. */
export const createCore = (deps: CoreDeps) => {
  const { store, policy, telemetry, tools, model, judge, ways, members, pass, logger, ...outward } = deps
  const kept = storeWithFailpoints(store, pass)
  const log = telemetry.log(kept.log)
  const { queue, silentMs } = watchQueue(kept.queue, logger)
  const { bell, listing, lanes } = store
  const wakeNext = createWaker(lanes, bell, logger)
  const watch: Watch = (appended) => {
    telemetry.watch(appended)
    wakeNext(appended)
  }
  const shared = { log, bell, rules: rulesOf(policy, ways), watch, recent: new Recent() }
  const door = new WriteDoor({ ...shared, hasRoom: () => worker.hasRoom() })
  const gather = createGather(door, listing, policy)
  const threads = { ...createThreads(door, log, gather), dispatchOf: createDispatchOf(log, listing) }
  const channel = createChannels({ ...outward.channels, thread: createThreadChannel(door, outward.publicUrl) })
  const ports = telemetry.ports(
    portsWithFailpoints({ tools, model, ...(judge ? { judge } : {}), channel, threads, lanes }, pass),
  )
  const { around } = telemetry
  const loop = { ports, policy, logger, now: log.now, ...(around ? { around } : {}) }
  const worker: Worker = new Worker({ queue, bell, session: { ...shared, logger }, loop })
  const releases = createReleases(gather, tools.pulls, { log, listing }, policy)
  const checkStale = createStaleCheck({ door, log, listing, branches: tools.branches, policy, setUpAt: store.setUpAt })
  const gates = createGates({ door, log, listing, runs: tools.gates, members, policy, logger })
  return { log, door, worker, silentMs, releases, checkStale, gates }
}
