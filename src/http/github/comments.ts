import Type from 'typebox'
import type { Permission, Pull, PullComment, TakenOnce } from '../../agent/ports.ts'
import type { Actor } from '../../thread/event.ts'
import type { AppDeps } from '../deps.ts'
import { askGitHub } from './ask.ts'
import { askerOf } from './asker.ts'
import { commandOf, type Meaning, meaningOf } from './command.ts'
import {
  type Heard,
  Id,
  ignored,
  isStale,
  type Listener,
  NOT_OURS,
  onceFor,
  ours,
  partOf,
  type Reply,
  Repository,
  told,
} from './heard.ts'

const Commented = Type.Object({
  action: Type.String(),
  issue: Type.Object({ pull_request: Type.Optional(Type.Unknown()) }),
  comment: Type.Object({ id: Id, body: Type.Optional(Type.Union([Type.String(), Type.Null()])) }),
  repository: Repository,
})

const MAY_ASK: Permission[] = ['admin', 'maintain', 'write']

/** `/deploy backend to staging` on a pull request, by a person with write access, launches a thread that answers there. */
export const issueComment: Listener = async (heard, deps) => {
  const { action, issue, comment: hint, repository: named } = partOf(Commented, heard)
  const repository = ours(named, deps.policy)
  if (repository === null) return NOT_OURS
  if (action !== 'created' || !issue.pull_request) return ignored('not a new comment on a pull request')
  if (commandOf(hint.body ?? '') === null) return ignored('a comment like any other')
  const once = onceFor(`comment/${hint.id}`)
  if (await deps.log.taken(once)) return ignored('taken before')
  const asked = await askGitHub(() => understand({ repository, id: hint.id }, deps))
  return 'ok' in asked ? asked : launch(asked, once, heard, deps)
}

/** Where a comment stands. */
interface Place {
  repository: string
  id: number
}

/** Everything that is known when a comment launches its thread. */
interface Asked {
  repository: string
  comment: PullComment
  pull: Pull
  message: string
  actor: Actor
}

/** What the comment asks for and who asks, by the API; or, answered there where it helps, why nothing comes of it. */
const understand = async (place: Place, deps: AppDeps): Promise<Reply | Asked> => {
  const found = await lookUp(place, deps)
  if ('ok' in found) return found
  const { comment, pull } = found
  const command = commandOf(comment.body)
  if (command === null) return ignored('a comment like any other')
  const meaning = meaningOf(command, pull, place.repository, deps.policy)
  if ('refused' in meaning) return refuse(meaning.refused, place.repository, comment, deps)
  const { repository } = place
  return { repository, ...found, ...meaning, actor: await askerOf(comment.login, deps.policy, deps.members) }
}

/** Comment, pull request and what its writer may do: a payload may be old, and its `author_association` says little. */
const lookUp = async (
  { repository, id }: Place,
  { conversation, members, log }: AppDeps,
): Promise<Reply | Pick<Asked, 'comment' | 'pull'>> => {
  const comment = await conversation.comment(repository, id)
  if (comment === null) return ignored('the comment is gone')
  if (comment.is_bot) return ignored('written by a bot')
  if (comment.edited) return ignored('edited since')
  if (isStale(comment.created_at, await log.now())) return ignored('written too long ago')
  const [pull, permission] = await Promise.all([
    conversation.pull(repository, comment.pull_request),
    members.permission(repository, comment.login),
  ])
  if (pull === null) return ignored('the pull request is gone')
  // Not answered: in a public repository anybody could make us write.
  if (!MAY_ASK.includes(permission)) return ignored(`${told(comment.login, 80)} has no write access`)
  return { comment, pull }
}

const launch = async (
  { repository, comment, pull, message, actor }: Asked,
  once: TakenOnce,
  heard: Heard,
  { door, conversation }: AppDeps,
): Promise<Reply> => {
  const { number, title, url, head_sha } = pull
  // What strangers wrote is not offered to the model: a title could name the commit of a fork, and GitHub would find it.
  const about = { number, url, ...(pull.from_fork ? {} : { title: told(title, 200), sha: head_sha }) }
  const reply_to = { pull_request: number, repository }
  const context = { pull_request: about }
  const [first] = await door.launch({ type: 'launch', agent: 'deploy', message, actor, context, reply_to }, once)
  heard.log.info({ thread_id: first?.thread_id, delivery_id: heard.delivery, comment: comment.id }, 'github comment')
  // A sign that it was heard, nothing more: the answer is the thread's to give, and its delivery an event.
  conversation.react(repository, comment.id, 'eyes').catch((error: Error) => {
    heard.log.warn({ thread_id: first?.thread_id, reason: error.message }, 'no reaction to a comment')
  })
  return { ok: true }
}

type Refusal = Extract<Meaning, { refused: string }>['refused']

/** Says why not, in one comment however often this is delivered. */
const refuse = async (
  why: Refusal,
  repository: string,
  { id, pull_request }: PullComment,
  { conversation, publicUrl }: AppDeps,
): Promise<Reply> => {
  await conversation.say({ repository, pull_request }, `comment ${id}`, REFUSALS[why](publicUrl))
  return ignored(`answered: ${why}`)
}

const REFUSALS: Record<Refusal, (publicUrl: string) => string> = {
  fork: () =>
    'This pull request comes from a fork, and a commit of a fork is never deployed from a comment. Name a tag of this repository, or merge first.',
  decide: (publicUrl) =>
    `A comment approves and rejects nothing. Open the thread that waits for you and decide there: its link is in my comment here, and all threads are at ${publicUrl}/`,
  elsewhere: () =>
    'That service is deployed from another repository, and this commit is not there. Name a tag of that one, or comment on a pull request there.',
  usage: () => 'Say what should happen, for example `/deploy backend to staging` or `/deploybot what is live?`',
}
