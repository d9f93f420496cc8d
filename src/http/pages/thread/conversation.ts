import { html } from 'ghtml'
import type { Event } from '../../../thread/event.ts'
import { line, moment, quoted, words } from '../words.ts'
import { tell } from './tell.ts'
import type { Told } from './told.ts'
import { isPerson, whereSaid, who } from './who.ts'

interface Turn {
  event: Event
  told: Told
  /** How often in a row the same was said. */
  times: number
}

const MOST = 40
const ERROR = 800

/** Who said, asked and answered what, in order; of a long one the newest. */
export const conversation = (events: readonly Event[], all = false): string => {
  const turns = turnsOf(events)
  const shown = all ? turns : turns.slice(-MOST)
  const left = turns.length - shown.length
  return html`!${left > 0 ? html`<p><a href="?all=1">${left} earlier</a></p>` : ''}<ol class="talk">!${shown.map(turn)}</ol>`
}

const turnsOf = (events: readonly Event[]): Turn[] => {
  const turns: Turn[] = []
  for (const event of events) {
    const told = tell(event)
    const last = turns.at(-1)
    const again = event.type === 'error' && last?.event.type === 'error' && last.told.text === told.text
    if (again && last) last.times += 1
    else if (told.talk) turns.push({ event, told, times: 1 })
  }
  return turns
}

const turn = ({ event, told, times }: Turn): string => {
  const { actor, at, seq } = event
  const side = isPerson(actor) ? 'theirs' : 'ours'
  return html`<li class="${side} ${told.mood ?? ''}"><p><strong>${who(actor)}</strong> !${sentence(told)}!${times > 1 ? html` <span class="quiet">(${times} times)</span>` : ''}
<span class="quiet">${whereSaid(actor)} !${moment(at)} <a href="#event-${seq}" aria-label="Event ${seq}">#${seq}</a>!${event.type === 'message' ? html` <a href="?fork=${seq - 1}#fork">say it differently</a>` : ''}</span></p>!${told.words ? quoted(told.words, `/threads/${event.thread_id}/events/${seq}`) : ''}!${fullText(event)}</li>`
}

/** What happened, leading to the other thread where there is one. */
export const sentence = ({ text, thread }: Told): string =>
  thread === undefined
    ? html`<span dir="auto">${line(text, 300)}</span>`
    : html`<a href="/threads/${thread}" dir="auto">${line(text, 300)}</a>`

/** Errors are told in a line; all that is known of them is behind a click. */
const fullText = ({ type, data, seq, thread_id }: Event): string => {
  if (type !== 'error') return ''
  const { code, message, nearest = [], job, step, log } = data
  const about = [job && `job: ${job}`, step && `step: ${step}`, nearest.length > 0 && `nearest: ${nearest.join(', ')}`]
  const all = [`${code}: ${message}`, ...about.filter(Boolean), log ?? ''].join('\n').trim()
  return html`<details id="error-${seq}"><summary>The whole error</summary><pre tabindex="0">${words(all, ERROR)}</pre>!${all.length > ERROR ? html`<p><a href="/threads/${thread_id}/events/${seq}">All ${all.length} characters</a></p>` : ''}</details>`
}
