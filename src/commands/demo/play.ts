import { setTimeout as sleep } from 'node:timers/promises'
import type { EventOf } from '../../thread/event.ts'
import type { Client } from './client.ts'
import { ending, type Print, tell } from './print.ts'

export interface Pace {
  /** Between two lines, so that a person can read along. */
  line: number
  /** What a person takes to decide. */
  thought: number
}

const ASKED = 'deploy 4af9ec0 to production'
const REJECTION = 'can you deploy the backend first?'
const MOST_SECONDS = 90

/** Plays the reference's conversation and tells it line by line. True: both deployments are live and the thread is done. */
export const play = async (client: Client, print: Print, pace: Pace): Promise<boolean> => {
  const began = Date.now()
  const { id } = await client.launch(ASKED)
  let seen = 0
  let asked = 0
  while (Date.now() - began < MOST_SECONDS * 1000) {
    for (const event of await client.eventsAfter(id, seen)) {
      seen = event.seq
      const line = tell(event)
      if (line) print(line)
      if (line) await sleep(pace.line)
      if (event.type !== 'approval_requested') continue
      await sleep(pace.thought)
      await client.respond(id, decision(event, asked++))
    }
    const thread = await client.thread(id)
    if (thread.status === 'done' && thread.version === seen) {
      print(ending(thread, (Date.now() - began) / 1000))
      return thread.events.filter(({ type }) => type.startsWith('deploy_') && type.endsWith('_result')).length === 2
    }
    await sleep(100)
  }
  print('this took too long; the service log says why')
  return false
}

/** The person of this story says no to the first proposal and yes to what follows. */
const decision = ({ seq }: EventOf<'approval_requested'>, before: number) =>
  before === 0 ? { to: seq, approved: false, comment: REJECTION } : { to: seq, approved: true }
