import { ToolError } from '../agent/ports.ts'
import { missingRight } from './permissions.ts'

interface Told {
  type?: string
  message?: string
  path?: (string | number)[]
}

/** What octokit throws where GraphQL answered with errors beside its data; it gives no class to know it by. */
export const isGraphqlError = (error: unknown): error is Error & { errors: Told[]; data?: unknown } =>
  error instanceof Error && error.name === 'GraphqlResponseError' && 'errors' in error && Array.isArray(error.errors)

/** As the thread should learn of it. Limits and breakdowns never come here: they were told by status. */
export const fromGraphql = ({ errors }: { errors: Told[] }): ToolError => {
  // Where several things are wrong, what may be mended by giving rights is said first.
  const worst = errors.find(({ type }) => isRight(type)) ?? errors[0] ?? {}
  const said = (worst.message ?? 'no reason').replace(/\s+/g, ' ').slice(0, 250)
  const path = `/${(worst.path ?? []).join('/')}`
  if (isRight(worst.type)) {
    return new ToolError('github_forbidden', `GitHub refused: ${said}${missingRight(said, undefined, 'GET', path)}`)
  }
  // What may not be seen is shown as if it were not there.
  if (worst.type === 'NOT_FOUND' && path === '/repository') {
    const message = `${said} Either it is called otherwise (repository in deploybot.yaml), or the App or the token has no access to it`
    return new ToolError('github_forbidden', message)
  }
  return new ToolError(worst.type === 'NOT_FOUND' ? 'not_found' : 'github_refused', `GitHub refused: ${said}`)
}

const isRight = (type: string | undefined): boolean => type === 'FORBIDDEN' || type === 'INSUFFICIENT_SCOPES'
