const PLACES: Record<string, string> = {
  slack: 'in Slack',
  page: 'on the page',
  http: 'on the web',
  email: 'by mail',
  'email code': 'by the code of a mail',
  sms: 'by SMS',
  webhook: 'by a webhook',
  terminal: 'from a terminal',
  github: 'at GitHub',
}

/** Where somebody answered, as it is told elsewhere; null: no words of ours for it, as for a token's own name. */
export const viaInWords = (via: string): string | null => (Object.hasOwn(PLACES, via) ? (PLACES[via] ?? null) : null)
