const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/**
 * Why nothing is sent to this URL, whatever it resolves to; null: it may be tried. Notices go over TLS unless they stay on this machine,
 * and a URL is written to the log: it holds no password.
 */
export const refusalOf = (webhook: string, privateHosts: readonly string[]): string | null => {
  if (!URL.canParse(webhook)) return 'it is no URL'
  const { protocol, hostname, username, password } = new URL(webhook)
  if (username !== '' || password !== '') return 'it must hold no user name and no password'
  const atHome = protocol === 'http:' && LOOPBACK.includes(hostname) && privateHosts.includes(hostname)
  return protocol === 'https:' || atHome ? null : 'it must be an https URL (or http on this machine, in local mode)'
}
