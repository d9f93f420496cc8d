import type { Environment } from './environment.ts'

const SECRET = /^whsec_[A-Za-z0-9+/]{22,}={0,2}$/
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)$/
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

const wordsOf = (text: string | null): string[] => text?.split(/[\s,]+/).filter((word) => word !== '') ?? []

/** Several while they are changed: each signs what goes out, and any of them is taken for what comes in. None: webhooks are off. */
export const readWebhookSecrets = (env: Environment): string[] => {
  const secrets = wordsOf(env.text('HUMAN_WEBHOOK_SECRET'))
  if (secrets.every((secret) => SECRET.test(secret))) return secrets
  env.refuse('HUMAN_WEBHOOK_SECRET', 'must be whsec_ and base64; several are separated by spaces')
  return []
}

/** Hosts of a team's own network that webhooks may go to. In local mode programs on this machine are among them. */
export const readPrivateHosts = (env: Environment, local: boolean): string[] => {
  const named = wordsOf(env.text('WEBHOOK_PRIVATE_HOSTS')).map((host) => host.toLowerCase())
  if (!named.every((host) => HOST.test(host))) {
    env.refuse('WEBHOOK_PRIVATE_HOSTS', 'must be host names without port or path, separated by spaces')
  }
  return local ? [...named, ...LOOPBACK] : named
}
