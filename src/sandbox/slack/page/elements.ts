import { type Html, html } from '../../html.ts'
import { type Fields, isFields } from '../blocks/text.ts'
import { plain, visible } from './mrkdwn.ts'

/** `use`: it tells the app at once · `field`: it is sent with the rest of a modal. */
type Part = 'use' | 'field'

/** Something to click, to choose from or to write in. The script knows it by its data. */
export const element = (value: Fields, block_id: string, part: Part, current?: Fields): Html => {
  const [id, type] = [String(value['action_id'] ?? ''), String(value['type'])]
  const options = optionsOf(value)
  switch (type) {
    case 'button':
      return button(value, block_id)
    case 'static_select':
    case 'overflow': {
      const chosen = valueIn(current?.['selected_option'] ?? value['initial_option'])
      const first = html`<option value="">${visible(label(value['placeholder']) || (type === 'overflow' ? '⋯' : 'Choose'))}</option>`
      const rest = options.map((one) => option(one, chosen.includes(valueIn(one)) && chosen !== ''))
      return html`<select data-${part}="${id}" data-block="${block_id}">${first}${rest}</select>`
    }
    case 'multi_static_select':
    case 'checkboxes':
      return boxes('checkbox', options, {
        id,
        block_id,
        part,
        chosen: valuesIn(current?.['selected_options'] ?? value['initial_options']),
      })
    case 'radio_buttons':
      return boxes('radio', options, {
        id,
        block_id,
        part,
        chosen: valuesIn([current?.['selected_option'] ?? value['initial_option']]),
      })
    case 'plain_text_input':
      return input(value, block_id, part, String(current?.['value'] ?? value['initial_value'] ?? ''))
    default:
      return html`<em>${String(value['alt_text'] ?? type)}</em>`
  }
}

const button = (value: Fields, block_id: string): Html => {
  const confirm = isFields(value['confirm']) ? label(value['confirm']['text']) : ''
  return html`<button type="button" class="${String(value['style'] ?? '')}" data-use="${String(value['action_id'])}"
    data-block="${block_id}" data-value="${String(value['value'] ?? '')}" data-url="${safeUrl(value['url'])}"
    data-confirm="${confirm}">${plain(label(value['text']))}</button>`
}

const safeUrl = (url: unknown): string => (/^https?:\/\//i.test(String(url ?? '')) ? String(url) : '')

const option = (one: Fields, selected: boolean): Html =>
  selected
    ? html`<option value="${valueIn(one)}" selected>${visible(label(one['text']))}</option>`
    : html`<option value="${valueIn(one)}">${visible(label(one['text']))}</option>`

interface Boxes {
  id: string
  block_id: string
  part: Part
  chosen: string[]
}

const boxes = (kind: 'checkbox' | 'radio', options: Fields[], { id, block_id, part, chosen }: Boxes): Html => {
  const all = options.map((one) => {
    const checked = chosen.includes(valueIn(one)) ? html` checked` : html``
    return html`<label><input type="${kind}" name="${block_id}" value="${valueIn(one)}"${checked}> ${visible(label(one['text']))}</label>`
  })
  return html`<fieldset data-${part}="${id}" data-block="${block_id}">${all}</fieldset>`
}

const input = (value: Fields, block_id: string, part: Part, text: string): Html => {
  const data = html`data-${part}="${String(value['action_id'])}" data-block="${block_id}" placeholder="${label(value['placeholder'])}"`
  return value['multiline'] === true
    ? html`<textarea rows="4" ${data}>${text}</textarea>`
    : html`<input type="text" ${data} value="${text}">`
}

/** The words of a text object. */
export const label = (text: unknown): string => (isFields(text) ? String(text['text'] ?? '') : '')

const valueIn = (one: unknown): string => (isFields(one) ? String(one['value'] ?? '') : '')
const valuesIn = (all: unknown): string[] => (Array.isArray(all) ? all.map(valueIn) : [])

const optionsOf = (value: Fields): Fields[] => {
  const groups = Array.isArray(value['option_groups']) ? value['option_groups'].filter(isFields) : [value]
  return groups.flatMap(({ options }) => (Array.isArray(options) ? options.filter(isFields) : []))
}
