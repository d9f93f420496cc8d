import type { SlackTarget } from '../../agent/ports.ts'
import { type Asked, askedAt } from '../../thread/contact/question.ts'
import { fold } from '../../thread/evolve.ts'
import { type RefusalCode, Refused } from '../../thread/input.ts'
import { storyOf } from '../../thread/story.ts'
import { waitingFor } from '../../thread/view.ts'
import type { Hearing } from './heard.ts'
import type { Click } from './interaction.ts'

const STALE: RefusalCode[] = ['already_answered', 'expired', 'superseded', 'nothing_asked', 'thread_ended']

/** A message whose button was refused because it is out of date is made to say how things stand. Nobody waits for that. */
export const redrawStale = (error: unknown, click: Click, target: SlackTarget, hearing: Hearing): void => {
  if (!(error instanceof Refused) || !STALE.includes(error.code)) return
  redraw(error.code, click, target, hearing).catch((failed: Error) => {
    hearing.logger.warn({ thread_id: target.thread_id, reason: failed.message }, 'slack: a stale message stays')
  })
}

const redraw = async (
  code: RefusalCode,
  { team, channel, message }: Click,
  { thread_id, seq }: SlackTarget,
  { log, slack, logger }: Hearing,
): Promise<void> => {
  const { events } = await log.load(thread_id)
  const state = fold(events)
  const question = askedAt(seq, events)
  if (state === null || question === null) return
  const { ts, thread_ts } = message
  const told = await slack.desk.redraw({
    kind: 'update',
    thread_id,
    seq: state.version,
    address: { slack: { team: team.id, channel: channel.id, ...(thread_ts === undefined ? {} : { thread_ts }) } },
    person: null,
    ref: { channel: channel.id, ts },
    tried: false,
    question: code === 'expired' ? expired(question) : question,
    waiting_for: waitingFor(state),
    status: state.status,
    story: storyOf(state, events),
  })
  if (!told.ok) logger.warn({ thread_id, reason: told.message }, 'slack: a stale message stays')
}

/** Its time has come, and the thread has not yet written so. */
const expired = (question: Asked): Asked => {
  const { asked, open, news } = question
  if (!open || asked.kind !== 'approval') return question
  const last = { what: 'expired', by: null, via: null, at: asked.expires_at, words: '' } as const
  return { ...question, open: false, news: [...news, last] }
}
