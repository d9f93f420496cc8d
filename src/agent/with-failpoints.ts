import { guarded, type Pass } from './failpoint.ts'
import type { Append, Log, Ports, Queue } from './ports.ts'

/** The ports with a place before and after each call. Without a failpoint they are the very same objects: it costs nothing. */
export const withFailpoints = <P extends Ports & { log: Log; queue: Queue }>(ports: P, pass: Pass | null): P => {
  if (pass === null) return ports
  const { log, queue, tools, model, channel } = ports
  return {
    ...ports,
    log: {
      ...log,
      load: guarded('load', pass, log.load),
      append: (row) => guarded(kindOf(row), pass, log.append)(row),
      taken: guarded('taken', pass, log.taken),
    },
    queue: {
      ...queue,
      claim: guarded('claim', pass, queue.claim),
      rescue: guarded('rescue', pass, queue.rescue),
      heartbeat: guarded('heartbeat', pass, queue.heartbeat),
    },
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
  }
}

/** An append without events only notes a webhook, or lets its thread go. */
const kindOf = ({ events, delivery }: Append): 'append' | 'hint' | 'release' => {
  if (events.length > 0) return 'append'
  return delivery ? 'hint' : 'release'
}
