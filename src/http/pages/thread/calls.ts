import { html } from 'ghtml'
import { callIn, type Event, type ModelCall } from '../../../thread/event.ts'
import { duration, inWords, line } from '../words.ts'

interface Call extends ModelCall {
  seq: number
  chose: string
  /** A second look, of which there is no prompt to show: it is that of the step, and the step. */
  judges: boolean
}

const MOST = 40

/** What the model was asked for each of its steps, and what that cost. Empty: no model was asked. */
export const modelCalls = (id: string, events: readonly Event[]): string => {
  const calls = events.flatMap(callsOf)
  if (calls.length === 0) return ''
  const sum = (of: (call: Call) => number): number => calls.reduce((all, call) => all + of(call), 0)
  const shown = calls.slice(-MOST)
  return html`<section><h2>Asked of the model</h2>
<p>${calls.length} calls, ${sum((call) => call.input_tokens)} tokens in, ${sum((call) => call.output_tokens)} out, ${duration(sum((call) => call.ms))}</p>
<details id="calls"><summary>Each call</summary><ul class="rows">!${shown.map((call) => one(id, call))}</ul></details>
<p><a href="/threads/${id}/prompt">What it would be asked next</a></p></section>`
}

const callsOf = (event: Event): Call[] => {
  const call = callIn(event)
  if (call === null) return []
  const { actor, seq, type, data } = event
  const chose = type === 'error' ? data.code : type
  const judges = actor.kind !== 'model'
  return [{ ...call, seq, chose: judges ? 'judged' : chose, judges }]
}

const one = (id: string, { seq, chose, model, input_tokens, output_tokens, ms, prompt_hash, judges }: Call): string => {
  const hash = line(prompt_hash, 80)
  const prompt = judges ? '' : html`<a href="/threads/${id}/prompt?before=${seq}">prompt</a> `
  return html`<li><span class="why"><a href="#event-${seq}">#${seq}</a> ${inWords(line(chose, 60))}</span>
<span class="quiet">${line(model, 60)}, ${input_tokens} + ${output_tokens} tokens, ${duration(ms)}, !${prompt}<code title="${hash}">${hash.slice(0, 12)}</code></span></li>`
}
