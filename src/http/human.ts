import { actorFor, type Identity } from '../thread/contact/who.ts'
import type { Actor } from '../thread/event.ts'
import type { Request } from '../thread/input.ts'
import type { Policy } from '../thread/policy.ts'
import { Problem } from './errors.ts'
import type { HumanEnvelope } from './schemas/human.ts'

type Meaning = { to: 'new' | string; request: Request }

/**
 * What a signed callback asks for. What would run is never taken from it: an approval names a question of our log,
 * and what runs is what the log says was proposed there.
 */
export const meaningOf = ({ type, event }: HumanEnvelope, policy: Policy): Meaning => {
  switch (type) {
    case 'function_call.completed': {
      const { spec, status } = event
      const comment = status.comment ?? undefined
      const answer = { to: spec.state.seq, approved: status.approved, ...(comment === undefined ? {} : { comment }) }
      return {
        to: spec.state.thread_id,
        request: { type: 'respond', actor: actorFor(identityIn(status), 'webhook', policy), ...answer },
      }
    }
    case 'human_contact.completed': {
      const { spec, status } = event
      const { response, response_option_name: choice } = status
      const answer = { ...(response ? { response } : {}), ...(choice ? { choice } : {}) }
      const actor = actorFor(identityIn(status), 'webhook', policy)
      return { to: spec.state.thread_id, request: { type: 'respond', to: spec.state.seq, actor, ...answer } }
    }
    case 'agent_slack.received': {
      const message = event.events.map(({ content }) => content).join('\n')
      const slack = `${event.team_id ?? ''}/${event.events.at(-1)?.from_user_id ?? ''}`
      return launching(message, actorFor({ slack }, 'webhook', policy))
    }
    case 'agent_email.received':
      // An address in a mail is what its sender wrote there: words of a stranger, whoever it claims to be.
      return launching(`${event.subject}\n\n${event.body}`, { kind: 'caller', id: event.from_address, via: 'email' })
    case 'conversation.created':
      return launching(event.user_message, { kind: 'caller', id: 'conversation', via: 'webhook' })
  }
}

const launching = (message: string, actor: Actor): Meaning => {
  if (message.trim() === '') throw new Problem(422, 'empty_message', 'there are no words in this message')
  return { to: 'new', request: { type: 'launch', agent: 'deploy', message, actor } }
}

interface Status {
  user_info?: { email?: string | null } | null
  slack_context?: { team_id?: string | null; user_id?: string | null } | null
}

/** Whom the sender has checked and signed for. */
const identityIn = ({ user_info, slack_context }: Status): Identity => ({
  email: user_info?.email?.toLowerCase(),
  slack: slack_context?.user_id ? `${slack_context.team_id ?? ''}/${slack_context.user_id}` : null,
})
