import { type Html, html } from '../../html.ts'
import { blocksOf } from './blocks.ts'
import { label } from './elements.ts'
import { visible } from './mrkdwn.ts'
import { namesIn, type Place } from './place.ts'

/** The modal that stands before this person, if one does. */
export const modal = ({ world, workspace, person }: Place): Html => {
  const open = world.state.views.findLast((one) => one.team === workspace.id && one.user === person.id)
  if (!open) return html`<div id="modal" data-key=""></div>`
  const { view, errors, id, hash } = open
  const key = `${id} ${hash} ${JSON.stringify(errors)}`
  const wrong = errors[''] === undefined ? html`` : html`<p class="wrong" role="alert">${errors['']}</p>`
  const send = view.submit ? html`<button class="primary">${visible(label(view.submit))}</button>` : html``
  return html`<div id="modal" data-key="${key}"><form class="modal" role="dialog" aria-modal="true" aria-labelledby="title" data-view="${id}">
    <h2 id="title">${visible(label(view.title))}</h2>
    <div class="inside">${blocksOf(view.blocks, namesIn(world, workspace.id), open)}${wrong}</div>
    <p class="actions"><button type="button" data-close>${visible(label(view.close) || 'Cancel')}</button>${send}</p></form></div>`
}
