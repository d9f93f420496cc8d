import { guarded, type Pass } from './failpoint.ts'
import type { Append, Log, Ports, Queue } from './ports.ts'

/** The store with a place before and after each call. Without a failpoint it is the very same object: it costs nothing. */
export const storeWithFailpoints = <S extends { log: Log; queue: Queue }>({ log, queue }: S, pass: Pass | null) => {
  if (pass === null) return { log, queue }
  return {
    log: {
      ...log,
      load: guarded('load', pass, log.load),
      append: (row: Append) => guarded(kindOf(row), pass, log.append)(row),
      taken: guarded('taken', pass, log.taken),
    },
    queue: {
      ...queue,
      claim: guarded('claim', pass, queue.claim),
      rescue: guarded('rescue', pass, queue.rescue),
      heartbeat: guarded('heartbeat', pass, queue.heartbeat),
    },
  }
}

/** The ways to the world, likewise. */
export const portsWithFailpoints = (ports: Ports, pass: Pass | null): Ports => {
  if (pass === null) return ports
  const { tools, model, channel, threads, ...rest } = ports
  return {
    ...rest,
    tools: {
      ...tools,
      read: guarded('read', pass, tools.read),
      prepare: guarded('prepare', pass, tools.prepare),
      dispatch: guarded('dispatch', pass, tools.dispatch),
      verify: guarded('verify', pass, tools.verify),
      cancelRun: guarded('cancel_run', pass, tools.cancelRun),
    },
    model: { ...model, next: guarded('model', pass, model.next) },
    channel: { ...channel, deliver: guarded('deliver', pass, channel.deliver) },
    threads: {
      ...threads,
      launchChild: guarded('reach', pass, threads.launchChild),
      stopChild: guarded('reach', pass, threads.stopChild),
      tellParent: guarded('reach', pass, threads.tellParent),
      handOn: guarded('reach', pass, threads.handOn),
    },
  }
}

/** An append without events only notes a webhook, or lets its thread go. */
const kindOf = ({ events, delivery }: Append): 'append' | 'hint' | 'release' => {
  if (events.length > 0) return 'append'
  return delivery ? 'hint' : 'release'
}
