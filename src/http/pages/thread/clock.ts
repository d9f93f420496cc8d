import { html } from 'ghtml'
import type { Event } from '../../../thread/event.ts'
import { SPENT, type Span, type Spent, spansOf, totalsOf } from '../../../thread/spans.ts'
import { duration } from '../words.ts'

const NAMES: Record<Spent, string> = {
  work: 'working',
  people: 'waiting for people',
  run: 'the workflow running',
  pause: 'waiting its turn or asleep',
}
const WIDTH = 1_000
// A span that is too short to be seen is a hair wide all the same.
const HAIR = 3

/** Where the time went: its own clock for people, for runs and for itself. */
export const clock = (events: readonly Event[], now: string): string => {
  const spans = spansOf(events, now)
  const totals = totalsOf(spans)
  const told = SPENT.filter((spent) => totals[spent] > 0)
  if (told.length === 0) return ''
  const text = told.map((spent) => `${NAMES[spent]} ${duration(totals[spent])}`).join(', ')
  return html`<section class="clock" aria-label="Where the time went"><svg viewBox="0 0 ${WIDTH} 12" preserveAspectRatio="none" role="img" aria-label="${text}">!${bars(spans)}</svg>
<ul>!${told.map((spent) => html`<li><span class="key ${spent}" aria-hidden="true"></span>${NAMES[spent]} <strong>${duration(totals[spent])}</strong></li>`)}</ul></section>`
}

const bars = (spans: readonly Span[]): string[] => {
  const all = spans.reduce((sum, { ms }) => sum + ms, 0) || 1
  const hairs = spans.filter(({ ms }) => (ms / all) * WIDTH < HAIR).length * HAIR
  let x = 0
  return spans.map(({ spent, ms, from }) => {
    const share = (ms / all) * WIDTH
    const width = share < HAIR ? HAIR : Math.max(HAIR, share - (hairs * share) / WIDTH)
    const bar = html`<rect class="${spent}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="12"><title>${NAMES[spent]}, from event ${from}: ${duration(ms)}</title></rect>`
    x += width
    return bar
  })
}
