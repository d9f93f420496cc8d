import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Event } from '../../src/thread/event.ts'
import { World } from './world.ts'

const choices = fc.record({
  /** What two people answer, at once, to each question. */
  answers: fc.tuple(fc.boolean(), fc.boolean()),
  /** Whether GitHub's answer to the dispatch is lost, and how often it then shows no run. */
  lost: fc.boolean(),
  hidden: fc.integer({ min: 0, max: 2 }),
  /** Whether somebody says something at some time, and whether the approval's time runs out at some time. */
  words: fc.boolean(),
  expires: fc.boolean(),
  /** Whether a process that was taken for dead goes on with the thread beside its new owner, which may be itself. */
  zombie: fc.constantFrom('zombie', 'one', null),
})

const RUNS = 300

test('two workers, a zombie, two people, webhooks and the time, in any order: one dispatch an approval, and a log without gaps', async () => {
  let woken = 0
  await fc.assert(
    fc.asyncProperty(fc.scheduler({ act: settle }), choices, async (scheduler, chosen) => {
      const world = new World(scheduler, chosen)
      await world.play()
      const { events, state } = world.thread()
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
      const started = events.flatMap((event) => (event.type === 'tool_started' ? [event.data.dispatch_id] : []))
      const approved = events.filter(({ type }) => type === 'approval_given')
      expect(new Set(world.dispatched).size).toBe(world.dispatched.length)
      expect(started).toEqual(expect.arrayContaining(world.dispatched))
      expect(started.length).toBeLessThanOrEqual(approved.length)
      expect(world.surprises).toEqual([])
      // Exactly once, unless it was over before it was told at all.
      const heard = world.hints.filter((hint) => hint !== 'not_awaited')
      expect(heard.filter((hint) => hint === 'woke')).toHaveLength(Math.min(heard.length, 1))
      woken += Math.min(heard.length, 1)
      expect(unheard(events)).toEqual([])
      expect(['done', 'awaiting_human', 'awaiting_approval']).toContain(state.status)
    }),
    { numRuns: RUNS },
  )
  expect(woken).toBeGreaterThan(RUNS * 0.98)
}, 60_000)

/** Steps that were selected without the newest words of people before them. */
const unheard = (events: Event[]): Event[] =>
  events.filter((event, i) => {
    const words = events.slice(0, i).filter(({ type }) => type === 'message').length
    return event.type === 'deploy_backend' && event.data.tag !== `words ${words}`
  })

/** Lets everything that a step has set in motion come to rest, timers of this turn included. */
async function settle(step: () => Promise<unknown>): Promise<void> {
  await step()
  await new Promise(setImmediate)
}
