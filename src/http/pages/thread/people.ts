import { html } from 'ghtml'
import type { Event, EventOf } from '../../../thread/event.ts'
import { inWords, line, moment } from '../words.ts'

type Contacted = EventOf<'human_contacted'>

/** Who was told where, whether it came through, and who answered from where. Empty: nobody was told anything. */
export const toldAndAnswered = (events: readonly Event[]): string => {
  const told = newestEach(events.filter((event) => event.type === 'human_contacted'))
  const answers = events.filter(isAnswer)
  if (told.length === 0 && answers.length === 0) return ''
  return html`<section><h2>Told and answered</h2><ul class="rows">!${told.map(one)}!${answers.map(answer)}</ul></section>`
}

/** Of several messages about the same to the same address the newest. */
const newestEach = (told: Contacted[]): Contacted[] => [
  ...new Map(
    told.map((event) => [`${event.data.address ?? event.data.channel} ${event.data.about ?? 0}`, event]),
  ).values(),
]

const one = ({ data, at }: Contacted): string => {
  const { person, channel, address, about, ok, message, retry_at } = data
  const to = `${person ?? 'whoever asked'}, by ${inWords(channel)}`
  return html`<li><span class="why">${line(to, 120)}!${about === undefined ? '' : html`, of <a href="#event-${about}">#${about}</a>`}<br><span class="quiet">${line(address ?? '', 120)}</span></span>
!${ok ? html`<span class="good">told</span>` : html`<span class="bad">not told: ${line(message ?? 'no reason', 160)}!${retry_at ? html`, again !${moment(retry_at)}` : ''}</span>`} !${moment(at)}</li>`
}

const isAnswer = (event: Event): event is EventOf<'approval_given' | 'approval_denied' | 'human_response'> =>
  event.type === 'approval_given' || event.type === 'approval_denied' || event.type === 'human_response'

const DID = { approval_given: 'approved', approval_denied: 'rejected', human_response: 'answered' } as const

const answer = ({
  type,
  actor,
  at,
  data,
}: EventOf<'approval_given' | 'approval_denied' | 'human_response'>): string => {
  const from = actor.kind === 'person' || actor.kind === 'caller' ? actor : { id: actor.kind, via: undefined }
  return html`<li><span class="why"><strong>${line(from.id, 80)}</strong> ${DID[type]} <a href="#event-${data.to}">#${data.to}</a></span> <span class="quiet">${from.via ? `via ${line(from.via, 60)}` : ''}</span> !${moment(at)}</li>`
}
