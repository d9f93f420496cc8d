import type { Case } from './case.ts'
import { injected, long, tags } from './cases/hostile.ts'
import { ambiguous, dates, languages, latest, missing, order, plain, typos } from './cases/orders.ts'
import { back, mind, nothing, rejections } from './cases/talk.ts'
import { code, guards, lookups, runs } from './cases/trouble.ts'

/** Everything that is asked of a model. */
export const CASES: Case[] = [
  plain,
  languages,
  ambiguous,
  missing,
  typos,
  latest,
  dates,
  mind,
  rejections,
  order,
  nothing,
  runs,
  guards,
  code,
  lookups,
  injected,
  tags,
  long,
  back,
].flat()
