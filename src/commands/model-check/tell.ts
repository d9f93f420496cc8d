import type { Model, ModelAnswer, Prompt } from '../../agent/ports.ts'

/** What is asked: as plain a wish as there is, with all that is needed to propose it. */
const THREAD = `<message>
from: check
message: "deploy SERVICE v1.2.3 to ENVIRONMENT"
</message>

<list_git_tags_result>
tags:
  - "v1.2.3 73e95c5 2026-02-24"
</list_git_tags_result>`

export const promptOf = (setup: string, service: string, environment: string): Prompt => ({
  agent: 'deploy',
  setup,
  thread: THREAD.replace('SERVICE', service).replace('ENVIRONMENT', environment),
})

/** What to look at, by what came back. `prefix`: of the variables that name this model. */
const advice = (code: string, prefix: string): string => {
  switch (code) {
    case 'model_refused_key':
      return `the key does not work: look at ${prefix}API_KEY`
    case 'model_refused_request':
      return `the key was not refused, but there seems to be no such model: look at ${prefix}MODEL and ${prefix}BASE_URL`
    case 'model_unavailable':
    case 'model_timeout':
      return `nobody answers: look at ${prefix}BASE_URL and the network, or try later`
    case 'model_rate_limited':
      return 'key and address work, but the provider wants fewer calls now: look at its limits and what is paid for'
    case 'model_truncated':
      return 'key and model work, but the reply is cut off: it thinks for too long, so take another model'
    case 'model_filtered':
      return 'key and model work, but the reply is withheld: take another model'
    case 'model_unreadable':
    case 'model_ambiguous':
      return 'key and model work, but the reply is not the one JSON object that was asked for: take another model'
    default:
      return 'the call could not be made'
  }
}

/** Whether key, model and structured answer work, and what a step costs, in words. */
export const tell = async (
  model: Model,
  prompt: Prompt,
  prefix: string,
): Promise<{ lines: string[]; works: boolean }> => {
  const answer = await model.next(prompt)
  if (!answer.ok) {
    return { works: false, lines: [`  does not work: ${advice(answer.code, prefix)}`, `  it says: ${answer.message}`] }
  }
  return { works: true, lines: ['  key, model and structured answer work', proposed(answer), costs(answer)] }
}

type Answered = Extract<ModelAnswer, { ok: true }>

const proposed = ({ step, call }: Answered): string => {
  const { intent, ...args } = step
  const expected = intent.startsWith('deploy_') ? '' : '; a deployment was asked for, so look whether it is up to this'
  return `  ${call.model} proposed ${[intent, ...Object.values(args).filter((arg) => typeof arg === 'string')].join(' ').slice(0, 200)}, in ${(call.ms / 1_000).toFixed(1)} s${expected}`
}

const costs = ({ call }: Answered): string => {
  const { input_tokens, output_tokens, cached_tokens, cost } = call
  const cached = cached_tokens === undefined ? '' : ` (${cached_tokens} of them cached)`
  const tokens = `${input_tokens} tokens in${cached}, ${output_tokens} out`
  return cost == null
    ? `  a step takes ${tokens}; what that costs is not known: say so under model.prices in deploybot.yaml`
    : `  a step costs ${cost.toFixed(6)}: ${tokens}`
}
