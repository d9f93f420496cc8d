import { createHash } from 'node:crypto'
import type { Policy } from '../thread/policy.ts'

/** The person of deploybot.yaml who has this account at GitHub; null: nobody has. */
export const personAt = (login: string | null, { people }: Pick<Policy, 'people'>): string | null => {
  const name = login?.toLowerCase()
  return Object.entries(people).find(([, { github }]) => name && github?.toLowerCase() === name)?.[0] ?? null
}

/** A delivery's id has room for 200 characters; a hash keeps a longer one apart from all others. */
export const shortened = (key: string): string =>
  key.length <= 200 ? key : `${key.slice(0, 100)} ${createHash('sha256').update(key).digest('hex')}`
