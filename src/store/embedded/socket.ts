import { createHash } from 'node:crypto'
import { rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A socket's path holds 104 bytes on macOS and 108 on Linux, and Postgres adds a name of 18.
const LONGEST = 80

/**
 * The folder of the cluster's socket as clients name it. The socket stands inside the 0700 data directory, which is
 * what keeps others out; a path that is too long is reached through a short link.
 */
export const socketDirectory = async (cluster: string): Promise<string> => {
  if (Buffer.byteLength(cluster) <= LONGEST) return cluster
  const link = join(tmpdir(), `deploybot-${createHash('sha256').update(cluster).digest('hex').slice(0, 12)}`)
  await symlink(cluster, link).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
    await rm(link, { force: true })
    await symlink(cluster, link)
  })
  return link
}
