import { html } from 'ghtml'
import type { Event } from '../../../thread/event.ts'
import { duration, inWords } from '../words.ts'
import { tell } from './tell.ts'
import type { Told } from './told.ts'

type Lane = 'people' | 'model' | 'code' | 'github'
const LANES = ['people', 'model', 'code', 'github'] as const satisfies Lane[]
const NAMES: Record<Lane, string> = { people: 'people', model: 'model', code: 'code', github: 'GitHub' }

interface Stop {
  lane: Lane
  name: string
  mood: Told['mood']
  times: number
  /** How long it was until the next one. */
  ms: number
}

const MOST = 60
const STEP = 26
const GAP = 40
const TEXT = GAP * LANES.length + 8
const WIDTH = 440
const LONG_MS = 60_000

/** Code's own bookkeeping is no stop of the way. */
const ASIDE: readonly Event['type'][] = [
  'contacts_named',
  'human_contacted',
  'parent_told',
  'tool_started',
  'dispatch_claimed',
]

/** The way that a thread took, from hand to hand: a lane for each who acted, down in time. */
export const path = (events: readonly Event[]): string => {
  const all = stopsOf(events.filter(({ type }) => !ASIDE.includes(type)))
  const stops = all.slice(-MOST)
  const height = STEP * (stops.length + 1)
  const skipped = all.length - stops.length
  return html`<svg class="path" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="path-title path-words">
<title id="path-title">The way from hand to hand: ${stops.length} steps!${skipped > 0 ? html`, and ${skipped} earlier` : ''}</title>
<desc id="path-words">${stops.map(({ lane, name }) => `${NAMES[lane]}: ${name}`).join('; ')}</desc>
!${LANES.map((lane) => html`<line class="lane" x1="${xOf(lane)}" x2="${xOf(lane)}" y1="${STEP - 8}" y2="${height}"/><text class="head" x="${xOf(lane)}" y="10">${NAMES[lane]}</text>`)}
!${stops.slice(1).map((to, i) => edge(stops[i] as Stop, to, i))}
!${stops.map(node)}</svg>`
}

/** The same again is one stop, so that a long run is not a long picture. */
const stopsOf = (events: readonly Event[]): Stop[] => {
  const stops: Stop[] = []
  for (const [i, event] of events.entries()) {
    const stop = stopOf(event, events[i + 1])
    const last = stops.at(-1)
    if (last?.name === stop.name && last.lane === stop.lane) {
      last.times += 1
      last.ms += stop.ms
    } else stops.push(stop)
  }
  return stops
}

const stopOf = (event: Event, next: Event | undefined): Stop => ({
  lane: laneOf(event),
  name: inWords(event.type),
  mood: tell(event).mood,
  times: 1,
  ms: next ? Date.parse(next.at) - Date.parse(event.at) : 0,
})

const laneOf = ({ actor }: Event): Lane => {
  switch (actor.kind) {
    case 'person':
    case 'caller':
      return 'people'
    case 'model':
    case 'code':
    case 'github':
      return actor.kind
  }
}

const xOf = (lane: Lane): number => GAP / 2 + LANES.indexOf(lane) * GAP
const yOf = (i: number): number => STEP * (i + 1)

const edge = (from: Stop, to: Stop, i: number): string => {
  const [x1, x2, y1, y2] = [xOf(from.lane), xOf(to.lane), yOf(i), yOf(i + 1)]
  const bend = (y1 + y2) / 2
  return html`<path class="${from.ms >= LONG_MS ? 'edge long' : 'edge'}" d="M${x1} ${y1}C${x1} ${bend} ${x2} ${bend} ${x2} ${y2}"/>`
}

const node = ({ lane, name, mood, times, ms }: Stop, i: number): string => {
  const wait = ms >= LONG_MS ? ` (then ${duration(ms)})` : ''
  return html`<circle class="${mood ?? 'plain'}" cx="${xOf(lane)}" cy="${yOf(i)}" r="6"/><text x="${TEXT}" y="${yOf(i) + 4}">${name}${times > 1 ? ` × ${times}` : ''}${wait}</text>`
}
