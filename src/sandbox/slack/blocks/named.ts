import type { AnyBlock } from '@slack/types'
import { type Fields, isFields } from './text.ts'

/** Blocks with the names that Slack gives to those that the app did not name. */
export const named = (blocks: AnyBlock[], next: () => string): AnyBlock[] =>
  blocks.map((block) => {
    const named: AnyBlock & Fields = { ...block, block_id: block.block_id ?? next() }
    for (const place of ['elements', 'accessory', 'element']) {
      if (block.type !== 'context' && named[place] !== undefined) named[place] = withAction(named[place], next)
    }
    return named
  })

const withAction = (value: unknown, next: () => string): unknown => {
  if (Array.isArray(value)) return value.map((item) => withAction(item, next))
  if (!isFields(value) || value['type'] === 'image') return value
  return { ...value, action_id: value['action_id'] ?? next() }
}

export interface Found {
  block_id: string
  element: Fields
}

/** All in these blocks that somebody can use. */
export const interactive = (blocks: AnyBlock[]): Found[] =>
  blocks.flatMap((block) => {
    const { block_id = '', elements, accessory, element } = block as AnyBlock & Fields
    const all: unknown[] = [...(Array.isArray(elements) ? elements : []), accessory, element]
    return all.filter(isFields).flatMap((one) => (one['action_id'] ? [{ block_id, element: one }] : []))
  })
