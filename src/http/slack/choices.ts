import type { SlackTarget } from '../../agent/ports.ts'
import { askedAt } from '../../thread/contact/question.ts'
import type { Event } from '../../thread/event.ts'
import { Refused } from '../../thread/input.ts'
import type { Hearing } from './heard.ts'

/** The choice at this place of the question, as our log has it. */
export const choiceAt = async (
  { thread_id, seq }: SlackTarget,
  place: number | null,
  { log }: Hearing,
): Promise<string> => {
  const { events } = await log.load(thread_id)
  const choice = place === null ? undefined : choicesIn(events, seq)[place]
  if (choice === undefined) throw new Refused('nothing_asked', `there is no such choice at ${seq}`)
  return choice
}

const choicesIn = (events: readonly Event[], seq: number): string[] => {
  const event = events[seq - 1]
  if (event?.type === 'restart_offered') return event.data.choices
  const asked = askedAt(seq, events)?.asked
  return asked?.kind === 'human_input' ? asked.options.choices : []
}
