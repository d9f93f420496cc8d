import type { Json } from '../event.ts'
import { openQuestion, type ThreadState } from '../state.ts'
import { reached } from '../time.ts'
import { type Address, wayOf } from './address.ts'
import { newPost, type Post, postKey } from './posts.ts'
import { heardBy, MANNERS } from './ways.ts'

/** One message that is to be sent or changed now. */
export interface Telling {
  address: Address
  person: string | null
  about: number
  /** The newest event that it tells of. */
  seq: number
  kind: 'request' | 'reminder' | 'update' | 'notice'
  ref: Json | null
  /** It was tried before and failed. */
  tried: boolean
}

/** What is to be told at this time, all at once; and when something that failed is to be tried again. */
export const tellings = (state: ThreadState, at: string): { due: Telling[]; retry_at: string | null } => {
  const due: Telling[] = []
  let retry: string | null = null
  for (const post of postsOf(state)) {
    const telling = wanted(post, state)
    if (telling === null) continue
    if (post.retry_at === null || reached(at, post.retry_at)) due.push(telling)
    else if (retry === null || post.retry_at < retry) retry = post.retry_at
  }
  return { due, retry_at: retry }
}

/** All that there are, and those that whoever asked is to have. */
const postsOf = (state: ThreadState): Post[] => {
  const { contacts, reply_to } = state
  const known = Object.values(contacts.posts)
  if (!reply_to) return known
  const open = MANNERS[wayOf(reply_to)].asks_apart ? openQuestion(state) : null
  const own = [0, ...(open === null ? [] : [open])].filter((about) => !contacts.posts[postKey(reply_to, about)])
  return [...known, ...own.map((about) => newPost(reply_to, about))]
}

const wanted = (post: Post, state: ThreadState): Telling | null => {
  const { address, person, about, ref, fails } = post
  const found = about > 0 ? ofQuestion(post, state) : ofThread(post, state)
  return found && { address, person, about, ref, tried: fails > 0, ...found }
}

type Found = Pick<Telling, 'seq' | 'kind'> | null

const ofQuestion = ({ address, about, named, shows }: Post, state: ThreadState): Found => {
  const open = openQuestion(state) === about
  if (shows === 0) return open ? { seq: Math.max(about, named), kind: 'request' } : null
  if (open && named > shows) return { seq: named, kind: 'reminder' }
  const changed = state.contacts.changed[about] ?? 0
  return changed > shows && MANNERS[wayOf(address)].updates ? { seq: changed, kind: 'update' } : null
}

const ofThread = ({ address, named, shows }: Post, state: ThreadState): Found => {
  const way = wayOf(address)
  const edited = MANNERS[way].edits && shows > 0 ? state.contacts.news : 0
  const seq = named > 0 ? Math.max(named, edited) : heardBy(way, state)
  return seq > shows ? { seq, kind: 'notice' } : null
}
