import { ToolError } from '../../agent/ports.ts'
import { Problem } from '../errors.ts'

// GitHub waits ten seconds for our answer, and never sends a webhook again by itself.
const DEADLINE_MS = 8_000

/**
 * What has to be known of GitHub before a webhook can be answered. A reading that fails is made once more by whoever reads; after
 * eight seconds in all GitHub learns that we could not take it, and its page of deliveries shows that to whoever may send it again.
 * Nothing is ever taken unverified instead.
 */
export const askGitHub = async <T>(ask: () => Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new ToolError('github_timeout', 'GitHub took too long')), DEADLINE_MS)
  try {
    return await Promise.race([ask(), late.promise])
  } catch (error) {
    if (!(error instanceof ToolError)) throw error
    throw new Problem(503, error.code, `GitHub could not be asked (${error.message}); deliver this again later`)
  } finally {
    clearTimeout(timer)
  }
}
