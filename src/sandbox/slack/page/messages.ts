import { type Html, html } from '../../html.ts'
import type { Message } from '../state.ts'
import { isBot, personOf } from '../world.ts'
import { blocksOf } from './blocks.ts'
import { withEmoji } from './emoji.ts'
import { mrkdwn, visible } from './mrkdwn.ts'
import { linkTo, namesIn, type Place, seenHere } from './place.ts'

const SHOWN = 100

/** The conversation, each thread below the message that it began with. */
export const messages = (place: Place): Html => {
  const all = seenHere(place)
  const first = all.filter((one) => parentOf(one, all) === undefined).slice(-SHOWN)
  if (first.length === 0) return empty(place)
  return html`${first.map((one) => {
    const replies = all.filter((other) => parentOf(other, all) === one)
    const thread =
      replies.length > 0 ? html`<div class="thread">${replies.map((reply) => message(place, reply))}</div>` : html``
    const link =
      one.only_for === null
        ? html`<a class="reply" href="${linkTo(place, { thread: one.ts })}">Reply in thread</a>`
        : html``
    return html`<div class="${place.thread === one.ts ? 'topic chosen' : 'topic'}">${message(place, one)}${thread}${link}</div>`
  })}`
}

const parentOf = ({ thread_ts }: Message, all: Message[]): Message | undefined =>
  thread_ts === null ? undefined : all.find(({ ts }) => ts === thread_ts)

const message = (place: Place, one: Message): Html => {
  const { world, workspace } = place
  const bot = isBot(world, one)
  const names = namesIn(world, workspace.id)
  const author = personOf(world, one.team, one.user)
  const at = new Date(Number(one.ts) * 1000)
  const said = one.blocks.length > 0 ? blocksOf(one.blocks, names) : html`<div>${mrkdwn(one.text, names)}</div>`
  return html`<article id="m${one.ts}" class="${one.only_for === null ? 'message' : 'message alone'}" data-ts="${one.ts}">
    <span class="face ${bot ? 'bot' : ''}" aria-hidden="true">${(author?.real_name ?? '?').slice(0, 1)}</span>
    <div class="body">${one.only_for === null ? html`` : html`<p class="context">Only visible to you</p>`}
    <p class="who"><b>${visible(author?.name ?? one.user)}</b>${bot ? html` <span class="app">APP</span>` : html``}
    <time datetime="${at.toISOString()}">${at.toTimeString().slice(0, 5)}</time>${one.edited ? html` <small>(edited)</small>` : html``}</p>
    ${said}
    ${one.reactions.map(({ name, count }) => html`<span class="reaction">${withEmoji(`:${name}:`)} ${count}</span>`)}
    </div></article>`
}

const empty = ({ workspace, conversation }: Place): Html => {
  const here = conversation?.members.includes(workspace.bot.user) ?? true
  if (!here) return html`<p class="empty">deploybot is not in this channel, and hears nothing of it.</p>`
  const first = conversation && !conversation.im ? '@deploybot ' : ''
  return html`<p class="empty">Nothing has been said here. Try
    <button type="button" data-example>${first}deploy backend v1.2.3 to production</button></p>`
}
