import { guarded, type Pass } from './failpoint.ts'
import type { Log, Ports, Queue } from './ports.ts'

/** The ports with a place before and after each call. Without a failpoint they are the very same objects: it costs nothing. */
export const withFailpoints = <P extends Ports & { log: Log; queue: Queue }>(ports: P, pass: Pass | null): P => {
  if (pass === null) return ports
  const { log, queue, tools, model, channel } = ports
  return {
    ...ports,
    log: {
      ...log,
      load: guarded('load', pass, log.load),
      append: guarded('append', pass, log.append),
      taken: guarded('taken', pass, log.taken),
    },
    queue: {
      ...queue,
      claim: guarded('claim', pass, queue.claim),
      claimThread: guarded('claim_thread', pass, queue.claimThread),
      release: guarded('release', pass, queue.release),
      heartbeat: guarded('heartbeat', pass, queue.heartbeat),
      hint: guarded('hint', pass, queue.hint),
    },
    tools: {
      ...tools,
      read: guarded('read', pass, tools.read),
      prepare: guarded('prepare', pass, tools.prepare),
      dispatch: guarded('dispatch', pass, tools.dispatch),
      findRun: guarded('find_run', pass, tools.findRun),
      cancelRun: guarded('cancel_run', pass, tools.cancelRun),
    },
    model: { ...model, next: guarded('model', pass, model.next) },
    channel: { ...channel, deliver: guarded('deliver', pass, channel.deliver) },
  }
}
