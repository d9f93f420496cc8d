import { Refused } from './input.ts'
import type { ApprovalRequest } from './state.ts'
import { durationInWords } from './time.ts'

/** Whether somebody proved who they are so few seconds before `at`. What is no time at all is not fresh. */
export const isFresh = (at: string, signedInAt: string | undefined, seconds: number): boolean => {
  const age = Date.parse(at) - Date.parse(signedInAt ?? '')
  return age >= 0 && age <= seconds * 1000
}

/**
 * Where policy says so, a yes counts from whoever signed in a moment ago, and only pages know that: by every other way (Slack, a token, a
 * service that asks people for us) it is refused, whoever gives it.
 */
export const refuseStale = (input: { at: string; signed_in_at?: string }, request: ApprovalRequest): void => {
  const { fresh_sign_in_seconds: seconds, environment } = request
  if (seconds === undefined || isFresh(input.at, input.signed_in_at, seconds)) return
  throw new Refused(
    'fresh_sign_in_needed',
    `a yes for ${environment} is given on the page of this thread, at most ${durationInWords(seconds)} after signing in`,
  )
}
