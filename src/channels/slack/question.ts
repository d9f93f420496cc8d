import type { KnownBlock } from '@slack/web-api'
import type { SlackTarget } from '../../agent/ports.ts'
import type { Asked } from '../../thread/contact/question.ts'
import { answerControls } from './controls.ts'
import { plain, section, wordsSection } from './mrkdwn.ts'
import { headOf, newsLines } from './news.ts'

export type HumanInput = Extract<Asked['asked'], { kind: 'human_input' }>

const HEAD: Record<HumanInput['options']['urgency'], string> = {
  low: '❓ Deploybot asks',
  medium: '❓ Deploybot asks',
  high: '🚨 URGENT: Deploybot asks',
}

const CONTEXT = 1_200

/** A question in words, and where to answer it while that counts. */
export const questionCard = (question: Asked, asked: HumanInput, page: string, target: SlackTarget): KnownBlock[] => {
  const { options, context } = asked
  const news = newsLines(question)
  return [
    {
      type: 'header',
      text: plain(question.open ? HEAD[options.urgency] : `${headOf(question.news)}: Deploybot asked`, 150),
    },
    wordsSection(asked.question),
    ...(context.trim() === '' ? [] : [wordsSection(context, CONTEXT)]),
    ...(news.length > 0 ? [section(...news)] : []),
    ...(question.open ? [section(howTo(options)), answerControls(target, options, page)] : []),
  ]
}

const howTo = ({ format, choices }: HumanInput['options']): string =>
  format === 'free_text' || (format === 'multiple_choice' && choices.length === 0)
    ? 'Answer in this thread, or press the button.'
    : 'Choose below, or say it in this thread.'
