import { at, type Fields, id, isFields, list, optional, type Problems, string, text, unique } from './text.ts'

/** Checks one element of a block against the limits of Slack's reference of block elements. */
export const element = (value: unknown, pointer: string): Problems => {
  if (!isFields(value)) return at(pointer, 'must be an object')
  const check = ELEMENTS.get(String(value['type']))
  if (!check) return at(`${pointer}/type`, `unsupported type: ${String(value['type'])}`)
  return [
    ...id(value, 'action_id', pointer),
    ...optional(value['confirm'], (confirm) => confirmation(confirm, `${pointer}/confirm`)),
    ...optional(value['placeholder'], (placeholder) => text(placeholder, `${pointer}/placeholder`, 150)),
    ...check(value, pointer),
  ]
}

type Check = (value: Fields, pointer: string) => Problems

const button: Check = (value, pointer) => [
  ...text(value['text'], `${pointer}/text`, 75),
  ...string(value['value'], `${pointer}/value`, 2_000),
  ...string(value['url'], `${pointer}/url`, 3_000),
  ...string(value['accessibility_label'], `${pointer}/accessibility_label`, 75),
  ...optional(value['style'], (style) =>
    style === 'primary' || style === 'danger' ? [] : at(`${pointer}/style`, 'must be a valid enum value'),
  ),
]

// 150: Slack's reference of the option object. Its types say 75 still, which is what it was.
const OPTION_VALUE = 150

const option = (value: unknown, pointer: string): Problems => {
  if (!isFields(value)) return at(pointer, 'must be an object')
  if (typeof value['value'] !== 'string') return at(pointer, 'missing required field: value')
  return [
    ...text(value['text'], `${pointer}/text`, 75, ['plain_text', 'mrkdwn']),
    ...string(value['value'], `${pointer}/value`, OPTION_VALUE),
    ...optional(value['description'], (said) => text(said, `${pointer}/description`, 75, ['plain_text', 'mrkdwn'])),
  ]
}

const group = (value: unknown, pointer: string): Problems => {
  if (!isFields(value)) return at(pointer, 'must be an object')
  return [...text(value['label'], `${pointer}/label`, 75), ...options(1, 100)(value, pointer)]
}

const options =
  (min: number, max: number): Check =>
  (value, pointer) =>
    list(value['options'], `${pointer}/options`, [min, max], option)

const select: Check = (value, pointer) =>
  value['option_groups'] === undefined
    ? options(1, 100)(value, pointer)
    : list(value['option_groups'], `${pointer}/option_groups`, [1, 100], group)

const input: Check = ({ max_length, min_length }, pointer) => [
  ...(Number(max_length ?? 1) > 3_000 ? at(`${pointer}/max_length`, 'must be less than 3001') : []),
  ...(Number(min_length ?? 0) > 3_000 ? at(`${pointer}/min_length`, 'must be less than 3001') : []),
]

const image: Check = (value, pointer) => [
  ...(value['alt_text'] === undefined ? at(pointer, 'missing required field: alt_text') : []),
  ...string(value['alt_text'], `${pointer}/alt_text`, 2_000),
  ...string(value['image_url'], `${pointer}/image_url`, 3_000),
]

/** What the sandbox shows. Others are Slack's too, and refused here, so that nobody relies on what nobody has seen. */
const ELEMENTS = new Map<string, Check>(
  Object.entries({
    button,
    image,
    static_select: select,
    multi_static_select: select,
    overflow: options(1, 5),
    checkboxes: options(1, 10),
    radio_buttons: options(1, 10),
    plain_text_input: input,
  }),
)

const confirmation = (value: unknown, pointer: string): Problems => {
  if (!isFields(value)) return at(pointer, 'must be an object')
  return [
    ...text(value['title'], `${pointer}/title`, 100),
    ...text(value['text'], `${pointer}/text`, 300, ['plain_text', 'mrkdwn']),
    ...text(value['confirm'], `${pointer}/confirm`, 30),
    ...text(value['deny'], `${pointer}/deny`, 30),
  ]
}

/** The elements of a block, whose action_ids must differ. */
export const elements = (
  value: unknown,
  pointer: string,
  max: number,
  check: (item: unknown, pointer: string) => Problems = element,
): Problems => [...list(value, pointer, [1, max], check), ...unique(value, 'action_id', pointer)]
