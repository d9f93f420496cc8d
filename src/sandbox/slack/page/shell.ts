import { type Html, html } from '../../html.ts'
import { messages } from './messages.ts'
import { humans, linkTo, type Place } from './place.ts'
import { modal } from './view.ts'

/** All that there is to see: where one can be, what was said there, and where to write. */
export const shell = (place: Place): Html => {
  const { world, workspace, person, conversation, thread } = place
  const channel = conversation?.id ?? workspace.bot.user
  const direct = conversation ? conversation.im : true
  return html`<div id="app" data-team="${workspace.id}" data-user="${person.id}" data-channel="${channel}" data-thread="${thread ?? ''}">
<header><b>${workspace.name}</b><span class="note">sandbox Slack, nothing leaves this machine</span>${whoIsIt(place)}</header>
${sidebar(place)}
<main><h1>${direct ? 'deploybot' : `#${conversation?.name ?? ''}`}</h1>
<div id="messages" tabindex="0" role="log" aria-label="Messages">${messages(place)}</div>
<form id="composer">${thread === null ? html`` : html`<p class="context">Answers go into the thread. <a href="${linkTo(place, {})}">Leave it</a></p>`}
<textarea name="text" rows="2" aria-label="Message" placeholder="${direct ? 'Message deploybot' : 'Write @deploybot …, or /deploybot …'}"></textarea>
<button class="primary">Send</button><p id="status" role="status">${world.urls ? '' : 'deploybot is not connected: nobody hears this.'}</p></form></main>
${modal(place)}</div>`
}

const whoIsIt = ({ world, workspace, person }: Place): Html => {
  const options = humans(world, workspace.id).map(({ id, name }) =>
    id === person.id
      ? html`<option value="${id}" selected>${name}</option>`
      : html`<option value="${id}">${name}</option>`,
  )
  return html`<label>You are <select id="as">${options}</select></label>`
}

const sidebar = (place: Place): Html => {
  const { world, workspace, person, conversation } = place
  const mine = world.state.conversations.filter(
    ({ team, members, im }) => team === workspace.id && !im && members.includes(person.id),
  )
  const link = (channel: string, name: string, current: boolean): Html =>
    html`<a href="${linkTo(place, { channel })}"${current ? html` aria-current="page"` : html``}>${name}</a>`
  const others = world.state.workspaces.filter(({ id }) => id !== workspace.id)
  return html`<nav aria-label="Conversations">
<h2>Channels</h2>${mine.map(({ id, name }) => link(id, `# ${name}`, id === conversation?.id))}
<h2>Direct messages</h2>${link(workspace.bot.user, 'deploybot', conversation ? conversation.im : true)}
<h2>Workspaces</h2>${others.map(({ id, name }) => html`<a href="/?team=${id}">${name}</a>`)}
<details id="log"><summary>What deploybot was told</summary><ol>${told(place)}</ol></details></nav>`
}

/** How the app took the latest that it was told: the first thing to look at when nothing happens. */
const told = ({ world, workspace }: Place): Html[] =>
  world.deliveries
    .filter(({ team }) => team === workspace.id)
    .slice(-12)
    .reverse()
    .map(
      ({ type, ms, status, failure, retry }) =>
        html`<li class="${failure ? 'failed' : ''}">${type}${retry ? ` again (${retry})` : ''}: ${failure ?? status}, ${ms} ms</li>`,
    )
