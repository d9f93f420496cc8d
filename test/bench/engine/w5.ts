import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import type { Bot } from './bot.ts'

/** How long the parts of one thread took, in ms. */
export interface Lap {
  launch: number
  resume: number
}

const person = { kind: 'person', id: 'local' } as const
// thread_launched, message, two facts, the step, then the question.
const QUESTION = 6

/** W5: launch, list tags, pause for approval, approval from outside, deploy, done; every step in the log. */
export const w5 = async ({ door, when }: Bot): Promise<Lap> => {
  const began = performance.now()
  const message = 'deploy backend v1.2.3 to production'
  const [event] = await door.launch({ type: 'launch', agent: 'deploy', message, actor: person })
  const launch = performance.now() - began
  const id = event?.thread_id ?? ''
  await when('approval_requested', id)
  const approved = performance.now()
  const started = when('started', id)
  const done = when('done_for_now', id)
  await door.handle(id, { type: 'respond', to: QUESTION, approved: true, actor: person })
  await started
  const resume = performance.now() - approved
  await done
  return { launch, resume }
}

const STEPS = ['launch', 'list_git_tags', 'approval', 'deploy_backend', 'done']

/** The floor: the same five steps as bare rows, a commit each, with nothing between the caller and pg. */
export const bareW5 = async (pool: Pool): Promise<Lap> => {
  const id = randomUUID()
  const insert = (seq: number) =>
    pool.query({
      name: 'bare',
      text: 'insert into bare (thread_id, seq, data) values ($1, $2, $3)',
      values: [id, seq, JSON.stringify({ type: STEPS[seq], message: 'deploy backend v1.2.3 to production' })],
    })
  const began = performance.now()
  await insert(0)
  const launch = performance.now() - began
  await insert(1)
  const approved = performance.now()
  await pool.query({ name: 'read', text: 'select seq, data from bare where thread_id = $1 order by seq', values: [id] })
  await insert(2)
  const resume = performance.now() - approved
  await insert(3)
  await insert(4)
  return { launch, resume }
}

/** Runs `count` laps, `inFlight` at once. */
export const laps = async (count: number, inFlight: number, lap: () => Promise<Lap>): Promise<Lap[]> => {
  const done: Lap[] = []
  let left = count
  const runner = async (): Promise<void> => {
    while (left-- > 0) done.push(await lap())
  }
  await Promise.all(Array.from({ length: inFlight }, runner))
  return done
}
