import { b } from '#baml'
import type { Step } from '../thread/step.ts'
import { dig } from './dig.ts'
import { ModelError } from './errors.ts'
import { screen } from './screen.ts'
import { agrees, readObject } from './strict.ts'

/** What BAML's tool union says; test/model/step.test.ts proves that it is `Step` but for `ref`. */
export type Proposed = ReturnType<typeof b.parse.DetermineNextStep>

/**
 * The step that a reply proposes. The strict reading comes first and holds for every intent, not only for those that
 * write: one rule, with no way around it by another intent, and a sloppy reply costs one more call. BAML then says
 * whether the object is one of the tools, and may not have changed anything.
 */
export const readStep = (reply: string): Step => {
  screen(reply)
  const written = readObject(reply)
  const step = named(typed(written))
  if (!agrees(written, step)) {
    throw new ModelError('model_ambiguous', `the reply is not exactly a ${step.intent}: fields of other names or types`)
  }
  return step
}

const typed = (written: object): Proposed => {
  try {
    return b.parse.DetermineNextStep(JSON.stringify(written))
  } catch {
    const intent = dig(written, 'intent')
    const known = typeof intent === 'string' && /^[a-z_]{1,40}$/.test(intent) ? ` ${intent}` : ''
    throw new ModelError('model_unreadable', `the reply is none of the steps${known}: a field is missing or blank`)
  }
}

/** As `Step` has it: `ref` by its name, and what is not given left out. */
const named = (proposed: Proposed): Step => {
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
