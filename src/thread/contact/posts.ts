import type { Event, EventOf, Json } from '../event.ts'
import type { Known } from '../known.ts'
import { openQuestion, type ThreadState } from '../state.ts'
import { type Address, keyOf } from './address.ts'
import { isNews } from './news.ts'

/** A message of ours somewhere: one for each address and question, and one about how the thread goes. */
export interface Post {
  address: Address
  person: string | null
  /** The question that it is about, by its seq; 0: how the thread goes. */
  about: number
  /** Seq of the newest event that named it; 0: it is for whoever asked. */
  named: number
  /** Seq of the newest event that it shows; 0: it is not there yet. */
  shows: number
  ref: Json | null
  replies_at: string | null
  /** Tries in a row that failed, and when the next one is due. */
  fails: number
  retry_at: string | null
}

/** What is known of who was told what; folded from the log. */
export interface Contacts {
  posts: Record<string, Post>
  /** Seq of the newest event that changed a question, by the question's seq. */
  changed: Record<number, number>
  /** Seq of the newest event that is worth telling. */
  news: number
  /** How far the ladder of the newest question has been climbed. */
  ladder: Ladder | null
}

export interface Ladder {
  to: number
  asked_at: string
  /** Steps that were taken, by name. */
  called: string[]
  next_at: string | null
}

export const nobodyTold = (news: number): Contacts => ({ posts: {}, changed: {}, news, ladder: null })

export const postKey = (address: Address, about: number): string => `${keyOf(address)} ${about}`

export const stepKey = (rung: number, address: Address): string => `${rung} ${keyOf(address)}`

export const newPost = (address: Address, about: number, person: string | null = null): Post => ({
  address,
  person,
  about,
  named: 0,
  shows: 0,
  ref: null,
  replies_at: null,
  fails: 0,
  retry_at: null,
})

/** What is known after one more event. `closed`: what the event makes of open questions. */
export const contactsAfter = (state: ThreadState, event: Event, closed: Known['closed']): Contacts => {
  const { contacts } = state
  switch (event.type) {
    case 'contacts_named':
      return named(state, event)
    case 'human_contacted':
      return { ...contacts, posts: { ...contacts.posts, ...told(state, event) } }
    case 'forked':
      return nobodyTold(event.seq)
    default: {
      const changed = changedBy(state, event, closed)
      if (changed === null && !isNews(event)) return contacts
      return {
        ...contacts,
        news: event.seq,
        ...(changed === null ? {} : { changed: { ...contacts.changed, [changed]: event.seq } }),
      }
    }
  }
}

/** The question that this event answers, in part or whole, or ends; null: none. */
const changedBy = (state: ThreadState, event: Event, closed: Known['closed']): number | null => {
  if (event.type === 'approval_given' || event.type === 'approval_withdrawn') return event.data.to
  if (closed === state.closed) return null
  return Number(Object.keys(closed).find((seq) => closed[Number(seq)] !== state.closed[Number(seq)]) ?? 0) || null
}

const named = (state: ThreadState, { seq, at, data }: EventOf<'contacts_named'>): Contacts => {
  const { contacts } = state
  const about = openQuestion(state) === data.to ? data.to : 0
  const posts = data.contacts.map(({ address, person }) => {
    const key = postKey(address, about)
    return [key, { ...(contacts.posts[key] ?? newPost(address, about, person)), named: seq }] as const
  })
  const ladder = about === 0 ? contacts.ladder : climbed(contacts.ladder, data, at)
  return { ...contacts, posts: { ...contacts.posts, ...Object.fromEntries(posts) }, ladder }
}

const climbed = (before: Ladder | null, data: EventOf<'contacts_named'>['data'], at: string): Ladder => {
  const { to, contacts, next_at } = data
  const same = before?.to === to ? before : { to, asked_at: at, called: [] }
  const steps = contacts.flatMap(({ rung, address }) => (rung === undefined ? [] : [stepKey(rung, address)]))
  return { ...same, called: [...same.called, ...steps], next_at }
}

const told = (state: ThreadState, { data }: EventOf<'human_contacted'>): Record<string, Post> => {
  const { to, ok, about = 0, retry_at = null, ref = null, replies_at = null } = data
  const post = postOf(state, data.address, about)
  if (!post) return {}
  const key = postKey(post.address, about)
  if (!ok && retry_at !== null) return { [key]: { ...post, fails: post.fails + 1, retry_at } }
  // One that is given up counts as told: the next news is for another try.
  return {
    [key]: {
      ...post,
      shows: to,
      ref: ref ?? post.ref,
      replies_at: replies_at ?? post.replies_at,
      fails: 0,
      retry_at: null,
    },
  }
}

const postOf = ({ contacts, reply_to }: ThreadState, address: string | undefined, about: number): Post | null => {
  const known = address === undefined ? undefined : contacts.posts[`${address} ${about}`]
  if (known) return known
  if (!reply_to || (address !== undefined && keyOf(reply_to) !== address)) return null
  return contacts.posts[postKey(reply_to, about)] ?? newPost(reply_to, about)
}
