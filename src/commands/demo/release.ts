import { setTimeout as sleep } from 'node:timers/promises'
import { styleText } from 'node:util'
import type { Event, EventOf } from '../../thread/event.ts'
import type { Client } from './client.ts'
import type { Pace } from './play.ts'
import { type Print, tell } from './print.ts'

const PULL = { title: 'Ask for the phone number at checkout', author: 'tomasrey', by: 'maya-lindqvist' }
const FAILING = {
  workflow: 'e2e.yml',
  environment: 'production',
  step: 'Run the end-to-end tests',
  log: 'checkout.spec.ts: expected "Thank you for your order", found "500 Internal Server Error"',
}
const MOST_SECONDS = 180

/** The thread whose line this is, so that a person can tell parent and children apart. */
const NAMES: Record<string, string> = { release: 'release ', deploy: 'deploy  ', rollback: 'rollback' }

/**
 * A pull request is merged, goes to staging and production, breaks the tests there and is rolled back, with a person saying yes where
 * policy asks for it. `github`: the sandbox GitHub. True: it ended as it should.
 */
export const playRelease = async (client: Client, github: string, print: Print, pace: Pace): Promise<boolean> => {
  const began = Date.now()
  await steer(github, 'runs/next', FAILING)
  const [merged] = (await steer(github, 'merges', PULL)) as { number: number }[]
  print(`${styleText('cyan', 'person'.padEnd(10))} merges #${merged?.number} “${PULL.title}”\n`)
  const release = await untilLaunched(client)
  const threads = [{ id: release, agent: 'release', seen: 0 }]
  while (Date.now() - began < MOST_SECONDS * 1_000) {
    for (const thread of threads) {
      for (const event of await client.eventsAfter(thread.id, thread.seen)) {
        thread.seen = event.seq
        const line = lineOf(event)
        if (line) {
          print(`${styleText('dim', NAMES[thread.agent] ?? thread.agent)} ${line}`)
          await sleep(pace.line)
        }
        if (event.type === 'child_launched') threads.push({ id: event.data.child_id, agent: event.data.agent, seen: 0 })
        if (event.type === 'approval_requested') {
          await sleep(pace.thought)
          await client.respond(thread.id, { to: event.seq, approved: true })
        }
        if (event.type === 'release_finished') return ended(event, print, began)
      }
    }
    await sleep(100)
  }
  print('this took too long; the service log says why')
  return false
}

const steer = async (github: string, path: string, body: object): Promise<unknown> => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(`${github}/_sandbox/${path}`, init)
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`)
  return answer.json()
}

const untilLaunched = async (client: Client): Promise<string> => {
  for (;;) {
    const [newest] = await client.list('release')
    if (newest) return newest.id
    await sleep(50)
  }
}

const mark = (style: Parameters<typeof styleText>[0], who: string, text: string): string =>
  `${styleText(style, who.padEnd(10))} ${text}`
/** Without links, and with SHAs cut short: the lines before have them. */
const briefly = (text: string): string =>
  text.replace(/ \(http\S+\)/g, '').replace(/\b([0-9a-f]{7})[0-9a-f]{33}\b/g, '$1')
const short = (sha: string): string => sha.slice(0, 7)

/** What only a release has; everything else is told as in any thread. */
const lineOf = (event: Event): string | null => {
  switch (event.type) {
    case 'pull_request_merged':
      return mark(
        'yellow',
        'github',
        `#${event.data.number} ${event.data.title} ${styleText('dim', `by ${event.data.author}`)}`,
      )
    case 'release_planned': {
      const steps = event.data.steps.map((step) => `${step.do} ${step.environment}`).join(' → ')
      return mark('blue', 'code', `releases ${short(event.data.sha)}: ${styleText('dim', steps)}`)
    }
    case 'run_tests':
      return mark('blue', 'code', `runs the end-to-end tests on ${event.data.environment}`)
    case 'delegate':
      return mark('blue', 'code', `hands over to the ${styleText('bold', event.data.agent)} agent`)
    case 'child_ended':
      return mark('blue', 'code', `the agent is done: ${briefly(event.data.message)}`)
    case 'run_tests_result':
      return mark(event.data.status === 'success' ? 'green' : 'red', 'code', event.data.message)
    case 'message':
      return mark('blue', 'release', `“${briefly(event.data.message)}”`)
    case 'done_for_now':
      return mark('magenta', 'model', `done: ${briefly(event.data.message)}`)
    default:
      return tell(event)
  }
}

const ended = ({ data, thread_id }: EventOf<'release_finished'>, print: Print, began: number): boolean => {
  print(
    `\n${styleText('bold', data.outcome)} after ${((Date.now() - began) / 1_000).toFixed(1)} s: ${data.message}\n${styleText('dim', `thread ${thread_id}`)}`,
  )
  return data.outcome === 'rolled_back'
}
