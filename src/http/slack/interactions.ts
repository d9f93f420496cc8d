import {
  SLACK_ACTIONS,
  SLACK_FIELD,
  SLACK_WORDS,
  type SlackAction,
  type SlackLine,
  type SlackTarget,
  type SlackWords,
} from '../../agent/ports.ts'
import type { Actor } from '../../thread/event.ts'
import { Refused, type Request, type Response } from '../../thread/input.ts'
import { choiceAt } from './choices.ts'
import { type Hearing, onceFor, pageOf, partOf, whoSaysInSlack, workspaceOf } from './heard.ts'
import { type Click, Interaction, placeIn, type Submission, targetIn, unknownControl } from './interaction.ts'
import { redrawStale } from './redraw.ts'
import { strangerRefused } from './refusals.ts'
import { saidSoon, tellSoon } from './soon.ts'

/** A click on a control of ours, or a dialog that was sent. Null: an empty answer, which is what Slack wants. */
export const hearInteraction = async (payload: unknown, hearing: Hearing): Promise<object | null> => {
  const interaction = partOf(Interaction, payload)
  await workspaceOf(interaction.team.id, hearing)
  const { team, user } = interaction
  const actor = await whoSaysInSlack(user.team_id ?? team.id, user.id, hearing)
  if (interaction.type === 'view_submission') return submitted(interaction, actor, hearing)
  await clicked(interaction, actor, hearing)
  return null
}

const clicked = async (click: Click, actor: Actor, hearing: Hearing): Promise<void> => {
  const [control] = click.actions
  const action = SLACK_ACTIONS.find((name) => name === control?.action_id.split('_', 1)[0])
  if (!control || !action) throw unknownControl()
  if (action === 'open') return
  const target = targetIn(control.value ?? control.block_id)
  const work = isForWords(action)
    ? openDialog(click, action, target, hearing)
    : decide(click, { action, target, place: placeIn(control) }, actor, hearing)
  await tellSoon(work, { response_url: click.response_url }, hearing, pageOf(target.thread_id, hearing))
}

const isForWords = (action: SlackAction): action is SlackWords => SLACK_WORDS.some((words) => words === action)

const openDialog = async (
  { team, trigger_id }: Click,
  words: SlackWords,
  target: SlackTarget,
  hearing: Hearing,
): Promise<SlackLine[]> => {
  try {
    await hearing.slack.desk.openDialog(team.id, trigger_id, words, target)
    return []
  } catch {
    const url = pageOf(target.thread_id, hearing)
    return [
      { words: 'Slack did not open the dialog. Click again, or answer on the page:' },
      { words: 'this thread', url },
    ]
  }
}

interface Decision {
  action: 'approve' | 'withdraw' | 'yes' | 'no' | 'choose'
  target: SlackTarget
  place: number | null
}

const decide = async (
  click: Click,
  { action, target, place }: Decision,
  actor: Actor,
  hearing: Hearing,
): Promise<SlackLine[]> => {
  const { thread_id, seq } = target
  const { team, channel, message, user, actions } = click
  const once = onceFor(`click/${team.id}/${channel.id}/${message.ts}/${user.id}/${actions[0]?.action_ts}`)
  const answer = await answerOf({ action, target, place }, hearing)
  try {
    await hearing.door.handle(thread_id, { type: 'respond', to: seq, actor, ...answer }, once)
    return []
  } catch (error) {
    redrawStale(error, click, target, hearing)
    throw needsMore(error) ?? strangerRefused(error, actor)
  }
}

const answerOf = async ({ action, target, place }: Decision, hearing: Hearing): Promise<Omit<Response, 'to'>> => {
  switch (action) {
    case 'choose':
      return { choice: await choiceAt(target, place, hearing) }
    case 'withdraw':
      return { withdrawn: true }
    case 'approve':
    case 'yes':
      return { approved: true }
    case 'no':
      return { approved: false }
  }
}

/** As for what became of a run, where a choice goes with the run's number. */
const needsMore = (error: unknown): Refused | null =>
  error instanceof Refused && error.code === 'answer_mismatch'
    ? new Refused(error.code, 'a click alone does not answer this; the page asks for what is missing')
    : null

/** Sent: the dialog closes, or says in itself why not. */
const submitted = async ({ team, view }: Submission, actor: Actor, hearing: Hearing): Promise<object | null> => {
  const target = targetIn(view.private_metadata)
  const words = view.state.values[SLACK_FIELD]?.[SLACK_FIELD]?.value ?? ''
  const request = requestFor(view.callback_id, target, words, actor)
  const work = hearing.door.handle(target.thread_id, request, onceFor(`view/${team.id}/${view.id}`)).then(
    () => {},
    (error: unknown) => {
      throw strangerRefused(error, actor)
    },
  )
  const wrong = await saidSoon(work)
  return wrong === null ? null : { response_action: 'errors', errors: { [SLACK_FIELD]: wrong } }
}

const requestFor = (words: SlackWords, { seq }: SlackTarget, said: string, actor: Actor): Request => {
  switch (words) {
    case 'override':
      return { type: 'respond', to: seq, approved: true, comment: said, actor }
    case 'reject':
      return { type: 'respond', to: seq, approved: false, comment: said, actor }
    case 'answer':
      return { type: 'respond', to: seq, response: said, actor }
    case 'ask':
      return { type: 'message', message: said, actor }
  }
}
