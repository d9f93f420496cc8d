import { readEvents, readSetup } from './parse.ts'
import { plan } from './plan.ts'
import type { Proposal } from './proposal.ts'
import { readStory } from './story.ts'

/** The next step by rules: what a language model is asked for, without one. It reads only what a model would be shown. */
export const planNextStep = (system: string, user: string): Proposal =>
  plan(readStory(readSetup(system), readEvents(user)))
