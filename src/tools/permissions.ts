/** Which right GitHub misses, in the words of its settings ("Actions: write"), and what to do about it. */
export const missingRight = (said: string, accepted: string | undefined, method: string, path: string): string => {
  const rights = accepted ? inWords(accepted) : byRoute(method, path)
  const whom = /integration/i.test(said) ? 'the App, and accept it in its installation' : 'the App or the token'
  return rights ? `; it lacks "${rights}": give that to ${whom}` : `; a right is missing: look at those of ${whom}`
}

/** `actions=write,contents=read; administration=write`: a comma is "and", a semicolon "or". */
const inWords = (accepted: string): string =>
  accepted
    .slice(0, 200)
    .split(';')
    .map((set) => set.split(',').map(oneInWords).filter(Boolean).join(', '))
    .filter(Boolean)
    .join(' or ')

const oneInWords = (right: string): string => {
  const [name = '', level = ''] = right.trim().split('=')
  return name && `${capital(name.replaceAll('_', ' '))}: ${level || 'read'}`
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** What each route needs, by GitHub's table of permissions. */
const ROUTES: [RegExp, string][] = [
  [/\/(?:dispatches|cancel|rerun\S*)$/, 'Actions: write'],
  [/\/deployment_protection_rule$/, 'Deployments: write'],
  [/\/(?:actions|environments)\//, 'Actions: read'],
  // The last ones are names that our queries give to lists of deployments.
  [/\/(?:deployments|here|before|e\d+)\b/, 'Deployments: read'],
  [/\/(?:pulls|associatedPullRequests)\b/, 'Pull requests: read'],
  [/\/(?:compare|commits|contents|git|tags|branches|refs?|tag|object|commit|workflow)\b/, 'Contents: read'],
]

const byRoute = (method: string, path: string): string | undefined => {
  const [, right] = ROUTES.find(([route]) => route.test(path)) ?? []
  return method === 'GET' || right === undefined || right.endsWith('write') ? right : right.replace(/read$/, 'write')
}
