import type { NewEvent, Opinion } from './event.ts'
import { clean, firstLine } from './text.ts'

const LONGEST = 240

/** What a second model said of a step, as people are shown it; nothing where it has nothing against it. It decides nothing. */
export const opinionInWords = ({ doubt, judged }: Opinion): string[] => {
  if (doubt) return [`A second model doubts this (${doubt.level}): ${tidy(doubt.text)}`]
  return judged?.failed === undefined ? [] : [`Not judged by a second model: ${tidy(judged.failed)}`]
}

const tidy = (text: string): string => firstLine(clean(text, LONGEST))

/** What is not there left out. */
export const opinionOf = ({ doubt, judged }: Opinion): Opinion => ({
  ...(doubt ? { doubt } : {}),
  ...(judged ? { judged } : {}),
})

/** An error that a judged step ended in: its call was paid for, and its doubt is not asked for again. */
export const noteOpinion = (event: NewEvent, opinion: Opinion): NewEvent =>
  event.type === 'error' ? { ...event, data: { ...event.data, ...opinionOf(opinion) } } : event
