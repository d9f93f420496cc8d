import { b } from '#baml'
import type { Judge, Logger, Prompt } from '../agent/ports.ts'
import type { Doubt } from '../thread/event.ts'
import { clean, firstLine } from '../thread/text.ts'
import { httpRequestOf, registryOf } from './client.ts'
import { explain, ModelError } from './errors.ts'
import type { ModelSettings } from './model.ts'
import { providerOf } from './providers.ts'
import { finishedText, readReply } from './replies.ts'
import { screen } from './screen.ts'
import { agrees, readObject } from './strict.ts'
import { send } from './transport.ts'

// People wait for the question meanwhile.
const PATIENCE_MS = 3_000
const LONGEST_REASON = 240
const MAX_TOKENS = 2_000

/** Asks the configured model for its doubt. What fails, is late or cannot be read is a line in the log, and no doubt. */
export const createJudge = (settings: ModelSettings & { logger: Pick<Logger, 'warn' | 'info'> }): Judge => ({
  doubt: async (prompt, step, signal) => {
    const { logger } = settings
    try {
      const { doubt, ...call } = await ask(settings, prompt, step, signal)
      logger.info({ ...call, doubt: doubt?.level ?? 'none' }, 'a step was judged')
      return doubt
    } catch (error) {
      logger.warn(explain(error), 'a step was not judged')
      return null
    }
  },
})

const ask = async (settings: ModelSettings, { setup, thread }: Prompt, step: string, signal?: AbortSignal) => {
  const { family } = providerOf(settings.provider)
  const clientRegistry = registryOf({ ...settings, maxTokens: MAX_TOKENS })
  const request = httpRequestOf(await b.request.JudgeStep(setup, thread, step, { clientRegistry }))
  const timeoutMs = Math.min(PATIENCE_MS, settings.timeoutMs ?? PATIENCE_MS)
  const reply = readReply(family, await send(request, { timeoutMs, signal, hosts: settings.hosts }))
  const { input_tokens, output_tokens } = reply
  const model = clean(reply.model ?? settings.model, 100)
  return { doubt: doubtIn(finishedText(reply), model), model, input_tokens, output_tokens }
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
