import { count, dig, list, text } from './dig.ts'
import { ModelError } from './errors.ts'
import type { Family } from './providers.ts'

export interface Reply {
  text: string
  /** How the provider says that writing ended: `stop` only when the model came to its own end. */
  finish: 'stop' | 'length' | 'filtered' | 'unknown'
  input_tokens: number
  output_tokens: number
  /** Of the input, what the provider had cached; undefined where it does not say. */
  cached_tokens: number | undefined
  /** Which model answered; null where the answer does not say. */
  model: string | null
}

/** What a provider's answer says, in our words. */
export const readReply = (family: Family, body: string): Reply => {
  const answer = parsed(body)
  switch (family) {
    case 'chat':
      return chat(answer)
    case 'responses':
      return responses(answer)
    case 'anthropic':
      return anthropic(answer)
    case 'google':
      return google(answer)
    case 'converse':
      return converse(answer)
  }
}

/** The text, if the model ended it itself. A cut `"v1.2` and a filtered half are never read as a step. */
export const finishedText = ({ finish, text }: Reply): string => {
  switch (finish) {
    case 'stop':
      return text
    case 'length':
      throw new ModelError('model_truncated', 'the reply was cut off at the token limit')
    case 'filtered':
      throw new ModelError('model_filtered', 'the reply was withheld by the model or its content filter')
    case 'unknown':
      throw new ModelError('model_unreadable', 'the answer does not say that the model finished its reply')
  }
}

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    throw new ModelError('model_unreadable', 'the answer of the model provider is not JSON')
  }
}

const FINISHES: Record<string, Reply['finish']> = {
  stop: 'stop',
  length: 'length',
  content_filter: 'filtered',
  end_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'filtered',
  completed: 'stop',
  max_output_tokens: 'length',
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'filtered',
  RECITATION: 'filtered',
  LANGUAGE: 'filtered',
  BLOCKLIST: 'filtered',
  PROHIBITED_CONTENT: 'filtered',
  SPII: 'filtered',
  guardrail_intervened: 'filtered',
  content_filtered: 'filtered',
}

const finishOf = (reason: unknown): Reply['finish'] =>
  typeof reason === 'string' && Object.hasOwn(FINISHES, reason) ? (FINISHES[reason] ?? 'unknown') : 'unknown'

const only = (choices: unknown): unknown => {
  if (list(choices).length > 1) throw new ModelError('model_ambiguous', 'the answer holds more than one reply')
  return dig(choices, 0)
}

const chat = (answer: unknown): Reply => {
  const choice = only(dig(answer, 'choices'))
  const refused = text(dig(choice, 'message', 'refusal')) !== null
  return {
    text: text(dig(choice, 'message', 'content')) ?? '',
    finish: refused ? 'filtered' : finishOf(dig(choice, 'finish_reason')),
    input_tokens: count(dig(answer, 'usage', 'prompt_tokens')),
    output_tokens: count(dig(answer, 'usage', 'completion_tokens')),
    cached_tokens: maybe(dig(answer, 'usage', 'prompt_tokens_details', 'cached_tokens')),
    model: text(dig(answer, 'model')),
  }
}

const responses = (answer: unknown): Reply => {
  const parts = list(dig(answer, 'output')).flatMap((item) => list(dig(item, 'content')))
  const refused = parts.some((part) => dig(part, 'type') === 'refusal')
  const reason = dig(answer, 'incomplete_details', 'reason') ?? dig(answer, 'status')
  return {
    text: join(parts.filter((part) => dig(part, 'type') === 'output_text')),
    finish: refused ? 'filtered' : finishOf(reason),
    input_tokens: count(dig(answer, 'usage', 'input_tokens')),
    output_tokens: count(dig(answer, 'usage', 'output_tokens')),
    cached_tokens: maybe(dig(answer, 'usage', 'input_tokens_details', 'cached_tokens')),
    model: text(dig(answer, 'model')),
  }
}

const anthropic = (answer: unknown): Reply => {
  const usage = dig(answer, 'usage')
  const read = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens']
  return {
    text: join(list(dig(answer, 'content')).filter((block) => dig(block, 'type') === 'text')),
    finish: finishOf(dig(answer, 'stop_reason')),
    input_tokens: read.reduce((sum, name) => sum + count(dig(usage, name)), 0),
    output_tokens: count(dig(usage, 'output_tokens')),
    cached_tokens: maybe(dig(usage, 'cache_read_input_tokens')),
    model: text(dig(answer, 'model')),
  }
}

const google = (answer: unknown): Reply => {
  const candidate = only(dig(answer, 'candidates'))
  const blocked = dig(answer, 'promptFeedback', 'blockReason') !== undefined
  const usage = dig(answer, 'usageMetadata')
  return {
    text: join(list(dig(candidate, 'content', 'parts')).filter((part) => dig(part, 'thought') !== true)),
    finish: blocked ? 'filtered' : finishOf(dig(candidate, 'finishReason')),
    input_tokens: count(dig(usage, 'promptTokenCount')),
    output_tokens: count(dig(usage, 'candidatesTokenCount')) + count(dig(usage, 'thoughtsTokenCount')),
    cached_tokens: maybe(dig(usage, 'cachedContentTokenCount')),
    model: text(dig(answer, 'modelVersion')),
  }
}

const converse = (answer: unknown): Reply => {
  const usage = dig(answer, 'usage')
  // What was cached is told apart, as by Anthropic.
  const read = ['inputTokens', 'cacheReadInputTokens', 'cacheWriteInputTokens']
  return {
    text: join(list(dig(answer, 'output', 'message', 'content'))),
    finish: finishOf(dig(answer, 'stopReason')),
    input_tokens: read.reduce((sum, name) => sum + count(dig(usage, name)), 0),
    output_tokens: count(dig(usage, 'outputTokens')),
    cached_tokens: maybe(dig(usage, 'cacheReadInputTokens')),
    model: null,
  }
}

const maybe = (value: unknown): number | undefined => (value == null ? undefined : count(value))

const join = (parts: unknown[]): string => parts.map((part) => text(dig(part, 'text')) ?? '').join('')
