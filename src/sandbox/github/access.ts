import type { FastifyRequest } from 'fastify'
import { home, installationId, type World } from './world.ts'

/** What tokens of an installation begin with; its number follows. */
export const TOKEN = 'ghs_sandbox_'

/** Who may not come in, and why: without a token, with a bad one, or with one of an installation that was taken away. */
export const refusalFor = (
  world: World,
  { headers: { authorization } }: FastifyRequest,
  path: string,
): [status: number, message: string] | undefined => {
  const { installation } = home(world).state
  // The code in the address is what is asked for there.
  if (path.startsWith('/app-manifests/')) return undefined
  if (!authorization) return [401, 'Requires authentication']
  const [, issued] = new RegExp(`${TOKEN}(\\d+)$`).exec(authorization) ?? []
  const isOld = issued !== undefined && issued !== String(installationId(world))
  if (/^\S+ bad$/.test(authorization) || isOld || (installation.state === 'deleted' && !isAppKey(authorization)))
    return [401, 'Bad credentials']
  if (installation.state === 'suspended' && !isAppKey(authorization))
    return [403, 'This installation has been suspended']
  return undefined
}

/** The App itself signs with its key; every other token here stands for the installation's. */
const isAppKey = (authorization: string): boolean => /^bearer eyJ[^.]*\.[^.]+\.[^.]+$/i.test(authorization)
