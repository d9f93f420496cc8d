import type { Notice } from '../agent/ports.ts'
import type { Asked } from '../thread/contact/question.ts'
import { clean, tagInWords } from '../thread/text.ts'

const RESULTS = 10
const CHOICES = 20
const LONGEST = 2_000

type Told = Pick<Notice, 'kind' | 'question' | 'story' | 'status'>

/** What is to be told, in plain words for whoever reads no markup: by code, from facts; what others wrote stands in quotes. */
export const plainWords = (told: Told, page: string): string => {
  const { question, story } = told
  const lines = [
    ...(question ? asked(question) : []),
    ...(story.end ? [`It has ended: ${story.end.status}. ${quoted(story.end.message)}`] : []),
    ...(question || story.end ? [] : [`It is ${told.status.replaceAll('_', ' ')}.`]),
    ...results(story.results),
    `Page: ${page}`,
  ]
  return [`About ${quoted(story.title)}:`, ...lines].join('\n')
}

const asked = ({ asked, open, news }: Asked): string[] => {
  if (!open)
    return [`What it asked is settled: ${news.map(({ what, by }) => `${what} by ${by ?? 'nobody'}`).join(', ')}.`]
  if (asked.kind === 'human_input') {
    const choices = asked.options.choices.slice(0, CHOICES).map((choice) => `- ${quoted(choice)}`)
    return [
      `It asks: ${quoted(asked.question)}`,
      ...(asked.context === '' ? [] : [`Context: ${quoted(asked.context)}`]),
      ...(choices.length === 0 ? [] : ['Choices:', ...choices]),
    ]
  }
  return [`It waits until ${asked.expires_at} for people to approve: ${proposal(asked)}`]
}

type Approval = Extract<Asked['asked'], { kind: 'approval' }>

/** What would run, by what the approval binds to. */
export const proposal = ({ service, environment, tag, sha, live, direction, commits_total }: Approval): string => {
  const now = live ? `${live.tag ?? 'no tag'} at ${live.sha.slice(0, 7)}` : 'nothing'
  const what = `${service} ${clean(tagInWords(tag), 80)} at ${sha.slice(0, 7)} to ${environment}`
  return `${what} (${direction}, ${commits_total} commits; live now: ${clean(now, 100)})`
}

const results = (all: Told['story']['results']): string[] =>
  all.slice(-RESULTS).map(({ status, service, environment, tag, html_url }) => {
    const where = `${service} ${clean(tagInWords(tag), 80)} on ${environment}`
    return `- ${where}: ${status}${html_url === null ? '' : `, ${html_url}`}`
  })

const quoted = (text: string): string => JSON.stringify(clean(text, LONGEST))
