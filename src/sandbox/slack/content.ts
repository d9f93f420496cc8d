import type { AnyBlock } from '@slack/types'
import { checkBlocks, tooMuchText } from './blocks/check.ts'
import { at } from './blocks/text.ts'
import { Refused } from './refused.ts'

/** What the app wants a message to show; absent: it says nothing about that part. */
export interface Content {
  text?: string | undefined
  blocks?: AnyBlock[] | undefined
}

type Untrusted = Record<string, unknown>

/** Reads text and blocks, and refuses what Slack would not show. */
export const contentOf = (given: Untrusted, longest = LONGEST): Content => {
  const { text } = given
  if (text !== undefined && typeof text !== 'string')
    throw new Refused('invalid_arguments', at('/text', 'must be a string'))
  if (text !== undefined && text.length > longest) throw new Refused('msg_too_long')
  return { text, blocks: blocksOf(given['blocks']) }
}

/** Slack cuts a posted message off there; here it fails, because a message that is cut off is a mistake. */
const LONGEST = 40_000
/** An edit takes less: "cannot exceed 4,000 characters", says the reference of chat.update. */
export const LONGEST_EDIT = 4_000

const blocksOf = (given: unknown): AnyBlock[] | undefined => {
  if (given === undefined || given === null || given === '') return undefined
  const blocks = typeof given === 'string' ? parsed(given, 'invalid_blocks_format') : given
  if (!Array.isArray(blocks)) throw new Refused('invalid_blocks_format')
  const problems = checkBlocks(blocks)
  if (problems.length > 0) throw new Refused('invalid_blocks', problems)
  if (tooMuchText(blocks)) throw new Refused('msg_blocks_too_long')
  return blocks
}

/** A part of a form that is JSON. */
export const parsed = (text: string, code: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused(code)
  }
}

export const isEmpty = ({ text, blocks }: Content): boolean => !text?.trim() && (blocks ?? []).length === 0
