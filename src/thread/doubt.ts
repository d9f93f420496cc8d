import type { Doubt } from './event.ts'
import { clean, firstLine } from './text.ts'

const LONGEST = 240

/** A model's doubt as people are shown it. It is an opinion: nothing is decided by it. */
export const doubtInWords = ({ level, text }: Doubt): string =>
  `A second model doubts this (${level}): ${firstLine(clean(text, LONGEST))}`
