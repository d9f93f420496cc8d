import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api'
import type { Told } from '../../agent/ports.ts'
import { NotInstalled } from './clients.ts'

// Slack's own trouble, which passes.
const PASSES = [
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'team_added_to_org',
]
/** The pauses are the core's: nothing here knows better. */
const LATER_MS = 0

const INSTALL = 'Slack does not take our token there any more: install Deploybot in that workspace again'
const WHY: Record<string, string> = {
  channel_not_found: 'Slack shows us no such channel: if it is private, invite Deploybot to it',
  not_in_channel: 'Deploybot is not in that channel: invite it',
  is_archived: 'that channel is archived',
  user_not_found: 'Slack knows no such person',
  cannot_dm_bot: 'that is a bot, and bots get no messages',
  invalid_auth: INSTALL,
  not_authed: INSTALL,
  account_inactive: INSTALL,
  token_revoked: INSTALL,
  token_expired: INSTALL,
  missing_scope: 'the Slack app lacks a scope: compare it with .github/examples/slack-app.yml',
  invalid_blocks: 'Slack does not take how we wrote it, which is our mistake',
}

/** Slack's code for what it refused; null: it was something else. */
export const codeOf = (error: unknown): string | null =>
  error instanceof WebAPIPlatformError ? error.data.error : null

/** It failed by itself: a limit, and whatever Slack says in its own form, are answers. */
export const isDown = (error: unknown): boolean =>
  error instanceof WebAPIHTTPError || error instanceof WebAPIRequestError

/** What a call that failed means for a delivery. What nobody can say is taken for something that passes. */
export const toldOf = (error: unknown): Told => {
  if (error instanceof NotInstalled) return { ok: false, message: error.message }
  if (error instanceof WebAPIRateLimitedError) {
    return { ok: false, message: 'Slack asks us to wait', retry_after_ms: error.retryAfter * 1000 }
  }
  const code = codeOf(error)
  // A page of HTML, from something between us and Slack, is no code.
  if (code !== null && /^[a-z_]{1,60}$/.test(code) && !PASSES.includes(code)) {
    return { ok: false, message: `${code}: ${WHY[code] ?? 'Slack refuses it'}` }
  }
  return { ok: false, message: `${outage(error, code)}; again later`, retry_after_ms: LATER_MS }
}

const outage = (error: unknown, code: string | null): string => {
  if (error instanceof WebAPIHTTPError) return `Slack answered HTTP ${error.statusCode}`
  if (code !== null && PASSES.includes(code)) return `Slack has trouble (${code})`
  return 'Slack could not be reached'
}
