import { b } from '#baml'
import { type ModelAgent, notItsStep } from '../thread/agents.ts'
import { STEPS } from '../thread/shapes/steps.ts'
import type { Intent, Step } from '../thread/step.ts'
import { dig } from './dig.ts'
import { ModelError } from './errors.ts'
import { screen } from './screen.ts'
import { agrees, readObject } from './strict.ts'

/** What BAML's tool unions say; test/model/step.test.ts proves that they are what each agent has of `Step`, but for `ref`. */
export interface Proposed {
  deploy: ReturnType<typeof b.parse.DetermineNextStep>
  rollback: ReturnType<typeof b.parse.DetermineRollbackStep>
}

/**
 * The step of `agent` that a reply proposes. The strict reading comes first and holds for every intent, not only for those that
 * write: one rule, with no way around it by another intent, and a sloppy reply costs one more call. BAML then says
 * whether the object is one of the tools, and may not have changed anything.
 */
export const readStep = (reply: string, agent: ModelAgent): Step => {
  screen(reply)
  const written = readObject(reply)
  refuseOthersStep(dig(written, 'intent'), agent)
  const step = named(typed(written, agent))
  if (!agrees(written, step)) {
    throw new ModelError('model_ambiguous', `the reply is not exactly a ${step.intent}: fields of other names or types`)
  }
  return step
}

/** A step that there is, but not for this agent: its model should hear just that, and not look for a missing field. */
const refuseOthersStep = (intent: unknown, agent: ModelAgent): void => {
  const why = isIntent(intent) ? notItsStep(intent, agent) : null
  if (why !== null) throw new ModelError('not_its_step', why)
}

const isIntent = (intent: unknown): intent is Intent => typeof intent === 'string' && Object.hasOwn(STEPS, intent)

const typed = (written: object, agent: ModelAgent): Proposed[ModelAgent] => {
  try {
    return parse(JSON.stringify(written), agent)
  } catch {
    const intent = dig(written, 'intent')
    const known = typeof intent === 'string' && /^[a-z_]{1,40}$/.test(intent) ? ` ${intent}` : ''
    throw new ModelError('model_unreadable', `the reply is none of the steps${known}: a field is missing or blank`)
  }
}

const parse = (json: string, agent: ModelAgent): Proposed[ModelAgent] => {
  switch (agent) {
    case 'deploy':
      return b.parse.DetermineNextStep(json)
    case 'rollback':
      return b.parse.DetermineRollbackStep(json)
  }
}

/** As `Step` has it: `ref` by its name, and what is not given left out. */
const named = (proposed: Proposed[ModelAgent]): Step => {
  switch (proposed.intent) {
    case 'list_git_commits':
      return { intent: proposed.intent, ref: proposed.git_ref }
    case 'check_deployment_status': {
      const { intent, service, environment } = proposed
      return { intent, ...(service == null ? {} : { service }), ...(environment == null ? {} : { environment }) }
    }
    default:
      return proposed
  }
}
