import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Append, Busy, Conflict, type Hold } from '../../src/agent/ports.ts'
import type { Event } from '../../src/thread/event.ts'
import { Reference } from '../agent/reference.ts'
import { appendOf, newId, stores, taken } from './support.ts'

type Opened = Awaited<ReturnType<typeof stores>>
interface Model {
  reference: Reference
  ids: string[]
}
interface Real {
  processes: Opened
}

const PAST = '2020-01-01T00:00:00.000Z'
const FUTURE = '2999-01-01T00:00:00.000Z'
const OWNERS = ['one', 'two']

/** What came of it, whatever it was, in a form that can be compared. */
const outcome = async (act: () => unknown): Promise<unknown> => {
  try {
    return await act()
  } catch (error) {
    return (error as Error).constructor.name
  }
}

/** One command of one process, done to both worlds; they must say the same. */
const command = (
  name: string,
  toModel: (model: Model) => unknown,
  toReal: (model: Model, real: Real) => unknown,
): fc.AsyncCommand<Model, Real> => ({
  check: () => true,
  toString: () => name,
  run: async (model, real) => {
    const actual = await outcome(() => toReal(model, real))
    expect(actual).toEqual(await outcome(() => toModel(model)))
  },
})

const sameAppend = (answer: { known: boolean; mine: boolean }) => ({ known: answer.known, mine: answer.mine })

const who = fc.integer({ min: 0, max: 1 })
const thread = fc.integer({ min: 0, max: 2 })

const append = fc
  .record({
    who,
    thread,
    count: fc.integer({ min: 0, max: 2 }),
    /** Mostly the right place; sometimes one that is gone, or not there yet. */
    off: fc.constantFrom(0, 0, 0, 0, -1, 1),
    hold: fc.constantFrom<Hold>('take', 'wake', 'keep', 'release', 'drop'),
    until: fc.constantFrom(PAST, FUTURE, null),
    indexed: fc.boolean(),
    delivery: fc.option(fc.record({ id: fc.constantFrom('d1', 'd2', 'd3'), hash: fc.constantFrom('h', 'h', 'other') })),
  })
  .map(({ who, thread, count, off, hold, until, indexed, delivery }) => {
    const rowOf = ({ reference, ids }: Model): Append => {
      const id = ids[thread] ?? ''
      const length = reference.logs.get(id)?.length ?? 0
      const version = Math.max(0, length + (length === 0 ? 0 : off))
      const base = appendOf(id, version, count, { hold, until })
      const index = indexed || version === 0 ? base.index : null
      return {
        ...base,
        index: count === 0 ? null : index,
        ...(delivery ? { delivery: taken(delivery.id, delivery.hash) } : {}),
      }
    }
    return command(
      `${OWNERS[who]} appends ${count} to ${thread} (${off}) ${hold} ${until} ${JSON.stringify(delivery)}`,
      (model) => sameAppend(model.reference.append(OWNERS[who] ?? '', rowOf(model))),
      async (model, real) => {
        const answer = await real.processes[who]?.log.append(rowOf(model))
        return answer && sameAppend(answer)
      },
    )
  })

const LANES = ['run:backend/production', 'run:backend/staging']

/** A thread starts a dispatch in a lane, or lets go of what it holds. */
const start = fc
  .record({ who, thread, lane: fc.constantFrom(...LANES, null), off: fc.constantFrom(0, 0, 0, -1) })
  .map(({ who, thread, lane, off }) => {
    const rowOf = ({ reference, ids }: Model): Append => {
      const id = ids[thread] ?? ''
      const length = reference.logs.get(id)?.length ?? 0
      const version = length > 1 ? length + off : length
      const base = appendOf(id, version, 1, { hold: 'keep' })
      return {
        ...base,
        events: base.events.map((event) => (lane === null ? event : started(event))),
        index: base.index && { ...base.index, holds: lane },
      }
    }
    return command(
      `${OWNERS[who]} lets ${thread} hold ${lane} (${off})`,
      (model) => oneFault(off, async () => sameAppend(model.reference.append(OWNERS[who] ?? '', rowOf(model)))),
      (model, real) =>
        oneFault(off, async () => {
          const answer = await real.processes[who]?.log.append(rowOf(model))
          return answer && sameAppend(answer)
        }),
    )
  })

/** What is both out of place and in somebody's way is refused for one of the two, whichever Postgres meets first. */
const oneFault = async <T>(off: number, append: () => Promise<T>): Promise<T> => {
  try {
    return await append()
  } catch (error) {
    throw off !== 0 && error instanceof Busy ? new Conflict('out of place') : error
  }
}

const started = ({ thread_id, seq, at, actor }: Event): Event => ({
  thread_id,
  seq,
  at,
  actor,
  type: 'tool_started',
  data: { to: 1, dispatch_id: `${thread_id}-${seq}`, args_hash: 'h' },
})

const look = fc.record({ who, thread, lane: fc.constantFrom(...LANES) }).map(({ who, thread, lane }) =>
  command(
    `${OWNERS[who]} looks who is in ${lane}`,
    ({ reference, ids }) => reference.holder(lane, ids[thread] ?? ''),
    async ({ ids }, { processes }) => {
      const { rows } = (await processes[who]?.pool.query('select id from threads where holds = $1 and id <> $2', [
        lane,
        ids[thread],
      ])) ?? { rows: [] }
      return rows[0]?.id ?? null
    },
  ),
)

const claim = fc.record({ who }).map(({ who }) =>
  command(
    `${OWNERS[who]} claims`,
    ({ reference }) => reference.claim(OWNERS[who] ?? ''),
    async (_, { processes }) => (await processes[who]?.queue.claim(10))?.sort(),
  ),
)

const rescue = fc.record({ who, active: fc.subarray([0, 1, 2]) }).map(({ who, active }) =>
  command(
    `${OWNERS[who]} rescues all but ${active}`,
    ({ reference, ids }) =>
      reference.rescue(
        OWNERS[who] ?? '',
        active.map((i) => ids[i] ?? ''),
      ),
    async ({ ids }, { processes }) =>
      (
        await processes[who]?.queue.rescue(
          10,
          active.map((i) => ids[i] ?? ''),
        )
      )?.sort(),
  ),
)

const quarantine = fc.record({ who, thread }).map(({ who, thread }) =>
  command(
    `${OWNERS[who]} quarantines ${thread}`,
    ({ reference, ids }) => reference.quarantine(OWNERS[who] ?? '', ids[thread] ?? ''),
    ({ ids }, { processes }) => processes[who]?.queue.quarantine(ids[thread] ?? '', 'a bug'),
  ),
)

const read = fc.record({ who, thread }).map(({ who, thread }) =>
  command(
    `${OWNERS[who]} reads ${thread}`,
    ({ reference, ids }) => reference.logs.get(ids[thread] ?? '') ?? [],
    async ({ ids }, { processes }) => (await processes[who]?.log.load(ids[thread] ?? ''))?.events,
  ),
)

test('two processes over one store keep the promises of a plain reference, whatever they do in whatever order', async () => {
  const processes = await stores(2)
  const commands = fc.commands([append, append, append, start, start, look, claim, rescue, quarantine, read], {
    maxCommands: 40,
  })
  await fc.assert(
    fc.asyncProperty(commands, async (steps) => {
      await processes[0]?.pool.query('truncate events, threads, deliveries')
      const model = { reference: new Reference(), ids: [newId(), newId(), newId()] }
      await fc.asyncModelRun(() => ({ model, real: { processes } }), steps)
    }),
    { numRuns: 150 },
  )
}, 60_000)
