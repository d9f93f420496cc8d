import type { Event } from '../../../src/thread/event.ts'
import type { Snapshot } from '../invariants.ts'

type Logs = Snapshot['logs']

// Each process reckons the database's time by itself between two answers of it.
const CLOCKS_MS = 100

const releases = (logs: Logs): (readonly Event[])[] =>
  [...logs.values()].filter(([first]) => first?.type === 'thread_launched' && first.data.agent === 'release')

/** Every one of these merges is some release's to do, of exactly one, and stands in no log twice; what is wrong, a line each. */
export const gatheredOnce = (logs: Logs, merged: readonly number[]): string[] => {
  const kept = releases(logs).flatMap((events) => {
    const given = events.flatMap((event) => (event.type === 'merges_handed_on' ? event.data.pull_requests : []))
    return numbersIn(events).filter((number) => !given.includes(number))
  })
  const wrong = merged.filter((number) => kept.filter((one) => one === number).length !== 1)
  const strange = kept.filter((number) => !merged.includes(number))
  return [
    ...wrong.map((number) => `#${number} is in ${kept.filter((one) => one === number).length} releases`),
    ...strange.map((number) => `#${number} was never merged`),
    ...releases(logs).flatMap(toldTwice),
  ]
}

const numbersIn = (events: readonly Event[]): number[] =>
  events.flatMap((event) => (event.type === 'pull_request_merged' ? [event.data.number] : []))

const toldTwice = (events: readonly Event[]): string[] => {
  const numbers = numbersIn(events)
  return numbers.filter((number, i) => numbers.indexOf(number) < i).map((number) => `#${number} stands twice in a log`)
}

const ENDS = new Set<Event['type']>(['release_finished', 'cancelled', 'thread_failed'])

/** Releases that were open at the same time, a line each. */
export const openTogether = (logs: Logs): string[] => {
  const spans = releases(logs)
    .map((events) => {
      const end = events.find(({ type }) => ENDS.has(type))
      const to = end ? Date.parse(end.at) : Number.POSITIVE_INFINITY
      return { id: events[0]?.thread_id, from: Date.parse(events[0]?.at ?? ''), to }
    })
    .sort((a, b) => a.from - b.from)
  return spans.flatMap(({ id, from }, i) => {
    const other = spans.slice(0, i).find((before) => before.to > from + CLOCKS_MS)
    return other ? [`${id} began while ${other.id} was open`] : []
  })
}
