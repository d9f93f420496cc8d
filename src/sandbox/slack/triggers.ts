import type { ResponseUrl } from './state.ts'
import { secretId, type World } from './world.ts'

/** What lets the app open a modal before this person, for three seconds. */
export const newTrigger = (world: World, team: string, user: string): string => {
  const id = `${world.now()}.${secretId()}`
  world.state.triggers.push({ id, team, user, at: world.now(), used: false })
  return id
}

/** Where the app may answer later: five times in half an hour, and without a token. */
export const newResponseUrl = (
  world: World,
  where: Pick<ResponseUrl, 'team' | 'channel' | 'user' | 'ts'>,
  kind: 'actions' | 'commands',
): string => {
  const path = `/${kind}/${where.team}/${secretId()}`
  world.state.response_urls.push({ ...where, path, uses: 0, at: world.now() })
  return `${world.url}${path}`
}
