import { inWords as blocksInWords } from '../../../thread/blocks.ts'
import type { LinkedIdentity } from '../../../thread/event.ts'
import { nameOf } from '../../../thread/link.ts'
import { firstLine } from '../../../thread/text.ts'
import { inWords } from '../words.ts'
import type { Telling } from './told.ts'

const placeOf = (service: string | null, environment: string): string => `${service ?? 'everything'} on ${environment}`

/** The conversation and its turns. */
export const TELL_TURNS: Telling = {
  thread_launched: ({ data }) => ({ text: `launched this thread for the ${data.agent} agent` }),
  message: ({ data }) => ({ text: 'said', words: data.message, talk: true }),
  human_response: ({ data }) => ({
    text: 'answered',
    words: [data.choice, data.approved === undefined ? undefined : data.approved ? 'yes' : 'no', data.response]
      .filter(Boolean)
      .join(': '),
    talk: true,
  }),
  request_more_information: ({ data }) => ({ text: 'asks', words: data.question, talk: true, mood: 'asks' }),
  request_human_input: ({ data }) => ({
    text: 'asks',
    words: data.context === '' ? data.question : `${data.question}\n\n${data.context}`,
    talk: true,
    mood: 'asks',
  }),
  escalated: ({ data }) => ({ text: 'asks a person', words: data.question, talk: true, mood: 'asks' }),
  done_for_now: ({ data }) => ({ text: 'is done', words: data.message, talk: true }),
  nothing_to_do: ({ data }) => ({ text: 'has nothing to do', words: data.message, talk: true }),
  error: ({ data }) => ({ text: `met an error: ${firstLine(data.message)}`, talk: true, mood: 'bad' }),
  thread_failed: ({ data }) => ({ text: 'gave up', words: data.message, talk: true, mood: 'bad' }),
  cancelled: ({ data }) => ({
    text: 'stopped it',
    ...(data.reason === '' ? {} : { words: data.reason }),
    talk: true,
    mood: 'bad',
  }),
  forked: ({ data }) => ({
    text: `forked this from another thread, at event ${data.at}`,
    thread: data.from,
    ...(data.prompt === undefined ? {} : { words: `With rules of its own: ${data.prompt}` }),
    talk: true,
  }),
  wait: ({ data }) => ({ text: `waits ${data.seconds} s: ${firstLine(data.reason)}` }),
  slept: () => ({ text: 'woke up' }),
  list_git_tags: () => ({ text: 'looks at the tags' }),
  list_git_tags_result: ({ data }) => ({ text: `found ${data.tags.length} tags` }),
  list_git_commits: ({ data }) => ({ text: `looks at the commits of ${data.ref}` }),
  list_git_commits_result: ({ data }) => ({ text: `found ${data.commits.length} commits` }),
  compare_commits: ({ data }) => ({ text: `compares ${data.base} with ${data.head}` }),
  compare_commits_result: ({ data }) => ({ text: `is ${data.ahead_by} commits ahead, ${data.behind_by} behind` }),
  check_deployment_status: () => ({ text: 'looks at what is live' }),
  check_deployment_status_result: ({ data }) => ({ text: `found ${data.live.length} places where something is live` }),
  get_workflow_status: ({ data }) => ({ text: `looks at the runs of ${data.workflow_name}` }),
  get_workflow_status_result: ({ data }) => ({ text: `found ${data.runs.length} runs` }),
  turn_awaited: ({ data }) => ({
    text: `waits its turn: ${placeOf(data.service, data.environment)} is taken`,
    thread: data.held_by.thread_id,
    talk: true,
  }),
  glass_broken: ({ data }) => ({
    text: `overrides: ${blocksInWords(data.blocked)}`,
    words: data.reason,
    talk: true,
    mood: 'bad',
  }),
  environment_locked: ({ data }) => ({
    text: `locked ${placeOf(data.service, data.environment)}`,
    words: data.reason,
    talk: true,
  }),
  environment_unlocked: ({ data }) => ({
    text: `unlocked ${placeOf(data.service, data.environment)}`,
    words: data.reason,
    talk: true,
  }),
  identity_claimed: ({ data }) => ({
    text: `was told that ${whereKnown(data.identity)} is ${data.person}`,
    talk: true,
  }),
  identity_linked: ({ data }) => ({
    text: `knows ${whereKnown(data.identity)} as ${data.person} from now on`,
    talk: true,
    mood: 'good',
  }),
  contacts_named: ({ data }) => ({ text: `names ${data.contacts.length} to be told` }),
  human_contacted: ({ data }) => ({
    text: `${data.ok ? 'told' : 'could not tell'} ${data.person ?? 'whoever asked'} by ${inWords(data.channel)}`,
    ...(data.ok ? {} : { mood: 'bad' as const }),
  }),
}

const whereKnown = (identity: LinkedIdentity): string =>
  `${nameOf(identity)} ${'slack' in identity ? 'at Slack' : 'by mail'}`
