import { secondsIn } from '../thread/time.ts'
import type { SignInConfig } from './sign-in.ts'
import type { DeploybotYaml } from './yaml-schema.ts'

// Shorter than the way to GitHub and back takes, or longer than a session lasts: neither would be what somebody meant.
const SHORTEST = 60
const LONGEST = 12 * 3600

/** Where `fresh_sign_in` says nothing, or contradicts what stands beside it. */
export const freshProblems = ({ environments }: DeploybotYaml, at: (path: string[]) => string): string[] =>
  Object.entries(environments).flatMap(([name, { fresh_sign_in: fresh, approvals, email_code }]) => {
    if (fresh === undefined) return []
    const seconds = secondsIn(fresh)
    const wrong = [
      seconds < SHORTEST || seconds > LONGEST
        ? `must lie between 1m and 12h, for which a session lasts; it is ${fresh}`
        : null,
      approvals === 0 ? 'nobody is asked there: approvals is 0' : null,
      email_code ? 'email_code lets people approve without signing in: leave out one of them' : null,
    ]
    const path = at(['environments', name, 'fresh_sign_in'])
    return wrong.flatMap((why) => (why === null ? [] : [`${path}: ${why}`]))
  })

interface Serving {
  auth: 'local' | 'tokens'
  signIn: SignInConfig | null
  policy: { environments: Record<string, { fresh_sign_in_seconds?: number }> }
}

/** Rules that want a sign-in where nobody can sign in: nothing could ever be approved there. */
export const impossibleSignIns = ({ auth, signIn, policy }: Serving): string[] => {
  if (auth !== 'local' && signIn !== null) return []
  const why =
    auth === 'local'
      ? 'DEPLOYBOT_AUTH is local, where nobody signs in'
      : 'GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET and SESSION_SECRET are not set, so nobody can sign in'
  return Object.entries(policy.environments).flatMap(([name, { fresh_sign_in_seconds }]) =>
    fresh_sign_in_seconds === undefined
      ? []
      : [`deploybot.yaml: environments.${name}.fresh_sign_in: ${why}; set up sign-in, or leave the line out`],
  )
}
