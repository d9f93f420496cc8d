import type { Event, QuestionOptions } from './event.ts'
import type { Pending, Question, Situation } from './state.ts'

/** Nothing begun: the model is asked. */
export const idle: Situation = { status: 'running', pending: null }

export const doing = (pending: Pending): Situation => ({ status: 'running', pending })

export const freeText: QuestionOptions = { urgency: 'medium', format: 'free_text', choices: [] }

export const asking = (question: Partial<Question> & Pick<Question, 'seq' | 'question'>): Situation => ({
  status: 'awaiting_human',
  question: { context: '', options: freeText, reason: 'model', run: null, ...question },
})

export const sleeping = ({ seq }: Event, until: string, reason: string, resume: Pending | null) => ({
  status: 'sleeping' as const,
  until,
  reason,
  resume,
  seq,
})

/** The log says something that cannot have happened: this thread, and no other, needs an operator. */
export class Unreadable extends Error {}

/** Where the compiler sees that every type was handled: what comes here all the same is none that this code knows. */
export const unknownType = (event: never): never => {
  throw new Unreadable(`there is no event of type ${(event as Event).type}`)
}

/** A newer version of this code wrote it, as far as one can tell: no fault of the thread, but of being old. */
export class Newer extends Unreadable {}
