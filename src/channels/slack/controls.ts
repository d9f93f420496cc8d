import type { ActionsBlock, Button, Confirm, StaticSelect } from '@slack/web-api'
import type { SlackAction, SlackTarget } from '../../agent/ports.ts'
import { plain, webAddress } from './mrkdwn.ts'

// What fits beside each other; of more, a menu is made.
const BUTTONS = 5
// Slack's own limit for a menu.
const OPTIONS = 100
const ALL_OPTIONS_TEXT = 3_000

interface Look {
  style?: 'primary' | 'danger'
  confirm?: Confirm
}

/** Its value names the question and nothing else: what an answer means is read from our log. */
const button = (action: SlackAction, words: string, { thread_id, seq }: SlackTarget, look: Look = {}): Button => ({
  type: 'button',
  action_id: action,
  text: plain(words, 75),
  value: JSON.stringify({ thread_id, seq }),
  ...look,
})

/** The page of a thread; not there where its address is none that Slack would take. */
const openPage = (page: string, words = 'Open'): Button[] => {
  const url = webAddress(page)
  return url === null ? [] : [{ type: 'button', action_id: 'open', text: plain(words, 75), url }]
}

interface Approval {
  /** What a yes would do, for the dialog that asks again. */
  would: string
  /** It goes back, or away from what is live. */
  loud: boolean
  /** A yes overrides something, so it needs words. */
  overrides: boolean
  /** A yes is given on the page only. */
  onPage: boolean
  /** Somebody has approved already, and others are still asked: they may think again. */
  begun: boolean
}

/**
 * Approve, reject and ask. An ordinary yes is one tap, so that two lead from the phone's notification to it; where it goes back, away from
 * what is live, or where that is not known, it is asked for twice; where it overrides something it needs words.
 */
export const approvalControls = (
  target: SlackTarget,
  { would, loud, overrides, onPage, begun }: Approval,
  page: string,
): ActionsBlock => {
  const style = loud || overrides ? 'danger' : 'primary'
  const confirm: Confirm = {
    title: plain('Are you sure?', 100),
    text: plain(would, 300),
    confirm: plain('Yes, approve', 30),
    deny: plain('Not yet', 30),
    style,
  }
  const yes = overrides
    ? button('override', 'Approve and override…', target, { style })
    : button('approve', 'Approve', target, { style, ...(loud ? { confirm } : {}) })
  const others = [
    button('reject', 'Reject…', target),
    button('ask', 'Ask…', target),
    ...(begun ? [button('withdraw', 'Take my yes back', target)] : []),
  ]
  const elements = onPage ? [...openPage(page, 'Approve on the page'), ...others] : [yes, ...others, ...openPage(page)]
  return { type: 'actions', elements }
}

/** Yes or no, one of the choices, or words. */
export const answerControls = (
  target: SlackTarget,
  { format, choices }: { format: 'free_text' | 'yes_no' | 'multiple_choice'; choices: string[] },
  page: string,
): ActionsBlock => {
  const words = button('answer', 'Answer…', target)
  const rest = [...(format === 'free_text' || choices.length === 0 ? [words] : []), ...openPage(page)]
  if (format === 'yes_no') {
    const [yes, no] = [button('yes', 'Yes', target, { style: 'primary' }), button('no', 'No', target)]
    return { type: 'actions', elements: [yes, no, words, ...openPage(page)] }
  }
  if (format === 'multiple_choice' && choices.length > 0) return choiceControls(target, choices, openPage(page))
  return { type: 'actions', elements: rest }
}

/** A choice is named by its place in the question, as the log has it: no text that comes back is taken for one. */
export const choiceControls = (target: SlackTarget, choices: string[], beside: Button[]): ActionsBlock => {
  if (choices.length > BUTTONS)
    return { type: 'actions', block_id: JSON.stringify(target), elements: [menu(choices), ...beside] }
  const buttons = choices.map((choice, place) => ({
    ...button('choose', choice, target),
    action_id: `choose_${place}`,
  }))
  return { type: 'actions', elements: [...buttons, ...beside] }
}

const menu = (choices: string[]): StaticSelect => {
  const shown = choices.slice(0, OPTIONS)
  const limit = Math.min(75, Math.floor(ALL_OPTIONS_TEXT / shown.length))
  return {
    type: 'static_select',
    action_id: 'choose',
    placeholder: plain('Choose', 150),
    options: shown.map((choice, place) => ({ text: plain(choice, limit), value: String(place) })),
  }
}
