import type { AnyBlock } from '@slack/types'
import { type Html, html } from '../../html.ts'
import { type Fields, isFields } from '../blocks/text.ts'
import type { OpenView } from '../state.ts'
import { element, label } from './elements.ts'
import { mrkdwn, type Names, plain, visible } from './mrkdwn.ts'

/** In a modal: what was filled in so far, and what was wrong with it. */
export type Filling = Pick<OpenView, 'values' | 'errors'>

/** Blocks as people see them. */
export const blocksOf = (blocks: AnyBlock[], names: Names, filling?: Filling): Html =>
  html`${blocks.map((one) => block(one as AnyBlock & Fields, names, filling))}`

const block = (value: AnyBlock & Fields, names: Names, filling: Filling | undefined): Html => {
  const [id, elements] = [value.block_id ?? '', parts(value['elements'])]
  switch (value.type) {
    case 'section':
      return section(value, id, names, filling)
    case 'header':
      return html`<h3>${plain(label(value['text']))}</h3>`
    case 'divider':
      return html`<hr>`
    case 'context':
      return html`<p class="context">${elements.map((one) => html`<span>${textOf(one, names)}</span>`)}</p>`
    case 'actions':
      return html`<div class="actions">${elements.map((one) => element(one, id, 'use', stateOf(one, id, filling)))}</div>`
    case 'input':
      return input(value, id, filling)
    case 'image':
      return html`<p class="context">🖼 ${visible(String(value['alt_text'] ?? ''))}</p>`
    default:
      return html`<p class="context">${value.type}</p>`
  }
}

const section = (value: Fields, id: string, names: Names, filling: Filling | undefined): Html => {
  const { text, fields, accessory } = value
  const said = isFields(text) ? html`<div>${textOf(text, names)}</div>` : html``
  const rows = parts(fields).map((one) => html`<div>${textOf(one, names)}</div>`)
  const beside = isFields(accessory) ? element(accessory, id, 'use', stateOf(accessory, id, filling)) : html``
  const table = rows.length > 0 ? html`<div class="fields">${rows}</div>` : html``
  return html`<div class="section"><div class="words">${said}${table}</div>${beside}</div>`
}

const input = (value: Fields, id: string, filling: Filling | undefined): Html => {
  const asks = isFields(value['element']) ? value['element'] : {}
  const part = value['dispatch_action'] === true ? 'use' : 'field'
  const wrong = filling?.errors[id]
  return html`<div class="input"><label>${visible(label(value['label']))}${value['optional'] === true ? ' (optional)' : ''}
    ${element(asks, id, part, stateOf(asks, id, filling))}</label>
    ${wrong === undefined ? html`` : html`<p class="wrong" role="alert">${visible(wrong)}</p>`}
    ${value['hint'] ? html`<p class="context">${visible(label(value['hint']))}</p>` : html``}</div>`
}

/** A text object in its own kind of text. */
const textOf = (value: Fields, names: Names): Html => {
  if (value['type'] === 'image') return html`🖼 ${visible(String(value['alt_text'] ?? ''))}`
  return value['type'] === 'mrkdwn' ? mrkdwn(label(value), names) : plain(label(value))
}

const stateOf = ({ action_id }: Fields, id: string, filling: Filling | undefined): Fields | undefined =>
  filling?.values[id]?.[String(action_id)]

const parts = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])
