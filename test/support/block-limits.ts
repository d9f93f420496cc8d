interface Text {
  text: string
}
/** As much of any block or element as its limits are about. */
interface Node {
  type?: string
  text?: Text | string
  value?: string
  url?: string
  block_id?: string
  fields?: Text[]
  elements?: { action_id?: string }[]
  options?: { text: Text; value: string }[]
  confirm?: Record<'title' | 'text' | 'confirm' | 'deny', Text>
}

type Limit = [what: string, is: number, most: number]

const size = (text: Text | string | undefined): number => (typeof text === 'string' ? text : (text?.text ?? '')).length

/** Slack's limits, as its reference of Block Kit states them. */
const limitsOf = (node: Node): Limit[] => {
  const confirm: Limit[] = node.confirm
    ? [
        ['confirm title', size(node.confirm.title), 100],
        ['confirm text', size(node.confirm.text), 300],
        ['confirm button', Math.max(size(node.confirm.confirm), size(node.confirm.deny)), 30],
      ]
    : []
  switch (node.type) {
    case 'plain_text':
    case 'mrkdwn':
      return [
        ['text', size(node.text), 3_000],
        ['empty text', 1, size(node.text)],
      ]
    case 'header':
      return [['header', size(node.text), 150]]
    case 'section':
      return [
        ['fields', node.fields?.length ?? 0, 10],
        ['field', Math.max(0, ...(node.fields ?? []).map(size)), 2_000],
      ]
    case 'context':
      return [['context', node.elements?.length ?? 0, 10]]
    case 'button':
      return [
        ...confirm,
        ['button', size(node.text), 75],
        ['value', size(node.value), 2_000],
        ['url', size(node.url), 3_000],
      ]
    case 'static_select':
      return [
        ['options', node.options?.length ?? 0, 100],
        [
          'option',
          Math.max(0, ...(node.options ?? []).map(({ text, value }) => Math.max(size(text), size(value)))),
          75,
        ],
      ]
    case 'actions': {
      const elements = node.elements ?? []
      return [
        ['elements', elements.length, 25],
        ['no elements', 1, elements.length],
        ['elements of one action_id', elements.length, new Set(elements.map(({ action_id }) => action_id)).size],
        ['block_id', size(node.block_id), 255],
      ]
    }
    default:
      return []
  }
}

const nodesIn = (value: unknown): Node[] => {
  if (typeof value !== 'object' || value === null) return []
  return [value as Node, ...Object.values(value).flatMap(nodesIn)]
}

// What Slack refuses a message for, without saying so anywhere: 9,597 characters in all were taken, 11,341 refused (bolt-js issue 2867).
const ALL_TEXT = 9_597

const textIn = (nodes: Node[]): number =>
  nodes.reduce((sum, { type, text }) => sum + (type === 'plain_text' || type === 'mrkdwn' ? size(text) : 0), 0)

/** What in a message is over a limit of Slack; empty: nothing, and Slack takes it. */
export const breaches = ({ text = '', blocks }: { text?: string; blocks: unknown[] }): string[] => {
  const nodes = nodesIn(blocks)
  // An edit takes a tenth of the text that a new message may have.
  const all: Limit[] = [
    ['message', text.length, 4_000],
    ['blocks', blocks.length, 50],
    ['all text', textIn(nodes), ALL_TEXT],
  ]
  return [...all, ...nodes.flatMap(limitsOf)]
    .filter(([, is, most]) => is > most)
    .map(([what, is, most]) => `${what}: ${is} > ${most}`)
}
