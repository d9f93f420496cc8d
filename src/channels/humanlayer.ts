import type { Channel, Hosts, Notice, Told } from '../agent/ports.ts'
import type { HumanLayerAddress } from '../thread/contact/address.ts'
import type { Json } from '../thread/event.ts'
import { clean } from '../thread/text.ts'
import { outcomeOf } from './webhook/outcome.ts'
import { post } from './webhook/post.ts'
import { plainWords, proposal } from './words.ts'

type ToService = Notice<{ humanlayer: HumanLayerAddress }>
type Call = { path: 'function_calls' | 'contact_requests'; call_id: string; spec: { [key: string]: unknown } }

export interface HumanLayerOptions {
  apiBase: string
  apiKey: string
  publicUrl: string
  hosts?: Hosts
  deadlineMs?: number
}

/**
 * Has people asked by a service with the HumanLayer API. Their answer comes in at /webhooks/human with the `state` that is given
 * here, and what it is about is looked up in our log by that.
 */
export const createHumanLayerChannel = (options: HumanLayerOptions): Channel<{ humanlayer: HumanLayerAddress }> => ({
  name: 'humanlayer',
  deliver: async (notice: ToService): Promise<Told> => {
    const { path, call_id, spec } = callOf(notice, `${options.publicUrl}/threads/${notice.thread_id}`)
    const { channel } = notice.address.humanlayer
    const all = { ...spec, ...(channel === undefined ? {} : { channel }) }
    const body = JSON.stringify({ run_id: notice.thread_id, call_id, spec: all })
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      authorization: `Bearer ${options.apiKey}`,
    }
    const { hosts, deadlineMs } = options
    const answered = await post(new URL(`${options.apiBase}/${path}`), headers, body, {
      trusted: true,
      hosts,
      deadlineMs,
    })
    // The call is there: an earlier try came through, and its answer did not come back.
    if (answered.status === 409) return { ok: true, ref: call_id }
    return outcomeOf(answered, call_id, new Date())
  },
})

const callOf = (notice: ToService, page: string): Call => {
  const { thread_id, seq, kind, question, story } = notice
  const subject = clean(story.title, 80)
  if (!question?.open || isForThePage(question.asked)) {
    const spec = { msg: plainWords(notice, page), subject }
    return { path: 'contact_requests', call_id: `${thread_id}-${seq}-${kind}`, spec }
  }
  const asked = { call_id: `${thread_id}-${question.seq}`, state: { thread_id, seq: question.seq } }
  return question.asked.kind === 'approval'
    ? approvalCall(question.asked, asked, page)
    : questionCall(notice, question.asked, asked, page)
}

/** No yes that came through a service would count: people are told, and where to give it. */
const isForThePage = (asked: NonNullable<Notice['question']>['asked']): boolean =>
  asked.kind === 'approval' && asked.fresh_sign_in_seconds !== undefined

type Asked<K extends string> = Extract<NonNullable<Notice['question']>['asked'], { kind: K }>
type Named = { call_id: string; state: Json }

/** What the approval binds to, for people to read. What comes back of it is not read. */
const approvalCall = (asked: Asked<'approval'>, { call_id, state }: Named, page: string): Call => {
  const { intent, repository, workflow, service, environment, tag, sha, live, direction, commits_total } = asked
  const { approvers, expires_at, changed = [] } = asked
  const facts = { repository, workflow, service, environment, tag, sha, live, direction, commits_total }
  const kwargs = { summary: proposal(asked), ...facts, changed, approvers, expires_at, page }
  return { path: 'function_calls', call_id, spec: { fn: intent, kwargs, state } }
}

const questionCall = (
  notice: ToService,
  { options }: Asked<'human_input'>,
  { call_id, state }: Named,
  page: string,
): Call => {
  const response_options = options.choices.map((name) => ({ name, title: clean(name, 100) }))
  const spec = { msg: plainWords(notice, page), subject: clean(notice.story.title, 80), state }
  const choices = response_options.length === 0 ? {} : { response_options }
  return { path: 'contact_requests', call_id, spec: { ...spec, ...choices } }
}
