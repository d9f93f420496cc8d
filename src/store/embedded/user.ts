import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { EmbeddedPostgresError } from './error.ts'

/** Whom Postgres runs as. It refuses uid 0. */
export interface User {
  uid: number
  gid: number
}

/** Ourselves; where we are root, the owner of the data that is there, else `postgres`, else `nobody`. */
export const chooseUser = async (cluster: string): Promise<User> => {
  const uid = process.getuid?.() ?? 0
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? 0 }
  const owner = await stat(cluster).catch(() => null)
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const found = named('postgres', users) ?? named('nobody', users)
  if (found) return found
  throw new EmbeddedPostgresError('no_user', 'we are root and there is no other user to run it as; set DATABASE_URL')
}

const named = (name: string, users: string): User | null => {
  const [, , uid, gid] =
    users
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null
}

/** Whether every folder on the way to `path` lets this user through, and the file itself be read. */
export const canTraverse = async (path: string, { uid, gid }: User): Promise<boolean> => {
  if (process.getuid?.() !== 0) return true
  for (let at = path; ; at = dirname(at)) {
    const { mode, uid: owner, gid: group } = await stat(at)
    const bits = owner === uid ? mode >> 6 : group === gid ? mode >> 3 : mode
    if ((bits & 1) === 0) return false
    if (dirname(at) === at) return true
  }
}
