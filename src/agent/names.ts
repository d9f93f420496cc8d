import { createHash } from 'node:crypto'

/** A delivery's id has room for 200 characters; a hash keeps a longer one apart from all others. */
export const shortened = (key: string): string =>
  key.length <= 200 ? key : `${key.slice(0, 100)} ${createHash('sha256').update(key).digest('hex')}`
