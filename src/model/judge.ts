import { b } from '#baml'
import type { Ask, Judge, ToJudge } from '../agent/ports.ts'
import type { Doubt } from '../thread/event.ts'
import { clean, firstLine } from '../thread/text.ts'
import { ask, type ModelSettings } from './ask.ts'
import { builderOf } from './client.ts'
import { ModelError } from './errors.ts'
import { screen } from './screen.ts'
import { agrees, readObject } from './strict.ts'

const LONGEST_REASON = 240
const LONGEST_NAME = 100
const MAX_TOKENS = 2_000

/** Asks a language model for its doubt about a step. */
export const createJudge = (settings: ModelSettings): Judge => {
  const build = builderOf({ ...settings, maxTokens: MAX_TOKENS })
  return {
    doubt: ({ setup, thread, step }, signal) =>
      ask(
        settings,
        {
          request: () => build('JudgeStep', { setup, thread, step }),
          read: (text, by) => ({ doubt: doubtIn(text, clean(by, LONGEST_NAME)) }),
        },
        signal,
      ),
  }
}

// People wait for the question meanwhile.
const PATIENCE_MS = 3_000

/** A judge that is given up after a while. To the provider that is no failure: a step may take it longer. */
export const impatient =
  (doubt: Judge['doubt'], ms = PATIENCE_MS): Ask<ToJudge, { doubt: Doubt | null }> =>
  async (question, signal, options) => {
    const late = AbortSignal.timeout(ms)
    const answer = await doubt(question, signal ? AbortSignal.any([signal, late]) : late, options)
    if (answer.ok || !late.aborted) return answer
    return { ok: false, code: 'model_timeout', message: `it did not answer within ${ms} ms`, call: answer.call }
  }

/** As strict as with steps: a doubt that BAML had to guess would be one that nobody has. */
const doubtIn = (reply: string, model: string): Doubt | null => {
  screen(reply)
  const written = readObject(reply)
  const judgement = typed(written)
  if (!agrees(written, judgement)) throw new ModelError('model_ambiguous', 'the reply is not exactly a judgement')
  if (judgement.doubt === 'none') return null
  const text = firstLine(clean(judgement.reason.trim(), LONGEST_REASON)) || 'it does not say why'
  return { level: judgement.doubt, text, model }
}

const typed = (written: object) => {
  try {
    return b.parse.JudgeStep(JSON.stringify(written))
  } catch {
    throw new ModelError('model_unreadable', 'the reply is no judgement')
  }
}
