import { EVENTS } from './events.ts'

/** The least that the App needs, each with what for. */
export const PERMISSIONS = {
  actions: ['write', 'start, follow and cancel workflow runs, and read the log of a job that failed'],
  contents: ['read', 'find tags and commits, and compare them'],
  deployments: ['write', 'read what is live, record deployments, and answer where an environment is gated'],
  // Comments on pull requests are written by this permission, though they are issue comments by name.
  pull_requests: ['write', 'see what a merge brought, and answer in a comment'],
  // A manifest that asks for the event issue_comment without this is refused: "Default events are not supported by permissions".
  issues: ['read', 'be told of comments on pull requests'],
  members: ['read', 'know who is in a team that may approve'],
  metadata: ['read', 'know who has write access; GitHub asks this of every App'],
} as const

export interface ManifestOptions {
  publicUrl: string
  repository: string
}

/** What GitHub makes an App of. Where it could not reach us it makes one without webhooks: it refuses addresses of this machine. */
export const manifestOf = ({ publicUrl, repository }: ManifestOptions) => ({
  // Names are unique in all of GitHub, and at most 34 characters; the person may change it there.
  name: `deploybot-${repository.replace('/', '-')}`.slice(0, 34),
  url: publicUrl,
  redirect_url: `${publicUrl}/github/app/created`,
  public: false,
  default_permissions: Object.fromEntries(Object.entries(PERMISSIONS).map(([name, [access]]) => [name, access])),
  ...(isReachable(publicUrl)
    ? { hook_attributes: { url: `${publicUrl}/webhooks/github`, active: true }, default_events: [...EVENTS] }
    : {}),
})

/** Whether GitHub could send webhooks here: over TLS, and not to this machine itself. */
export const isReachable = (publicUrl: string): boolean => {
  const { protocol, hostname } = new URL(publicUrl)
  return protocol === 'https:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}

/** GitHub's pages, by where its API is: api.github.com, a tenant of ghe.com, or an Enterprise Server's …/api/v3. */
export const webOf = (apiUrl: string): string => {
  const { protocol, hostname, host } = new URL(apiUrl)
  const ours = hostname === 'api.github.com' || (hostname.startsWith('api.') && hostname.endsWith('.ghe.com'))
  return `${protocol}//${ours ? host.slice('api.'.length) : host}`
}
