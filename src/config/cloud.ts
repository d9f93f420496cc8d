import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Environment } from './environment.ts'

interface Aws {
  kind: 'aws'
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string | null
}

interface Google {
  kind: 'google'
  project: string
  location: string
  clientEmail: string
  privateKey: string
  keyId: string | null
  tokenUrl: string
}

export type Cloud = Aws | Google

/** Who we are at Bedrock or Vertex AI, by the variables that their own tools read. Undefined: this provider takes a key. */
export const readCloud = (env: Environment, provider: string): Cloud | null | undefined => {
  if (provider === 'aws-bedrock') return readAws(env)
  return provider === 'vertex-ai' ? readGoogle(env) : undefined
}

const readAws = (env: Environment): Aws | null => {
  const region = needed(env, 'AWS_REGION', 'aws-bedrock')
  const accessKeyId = needed(env, 'AWS_ACCESS_KEY_ID', 'aws-bedrock')
  const secretAccessKey = needed(env, 'AWS_SECRET_ACCESS_KEY', 'aws-bedrock')
  if (region === null || accessKeyId === null || secretAccessKey === null) return null
  return { kind: 'aws', region, accessKeyId, secretAccessKey, sessionToken: env.text('AWS_SESSION_TOKEN') }
}

const readGoogle = (env: Environment): Google | null => {
  const location = needed(env, 'GOOGLE_CLOUD_LOCATION', 'vertex-ai')
  const file = needed(env, 'GOOGLE_APPLICATION_CREDENTIALS', 'vertex-ai')
  const account = file === null ? null : readAccount(env, file)
  if (location === null || account === null) return null
  const project = env.text('GOOGLE_CLOUD_PROJECT') ?? account.projectId
  if (project === null) {
    return env.refuse('GOOGLE_CLOUD_PROJECT', 'is missing for vertex-ai, and the service account does not name one')
  }
  const { projectId: _, ...who } = account
  return { kind: 'google', project, location, ...who }
}

const needed = (env: Environment, name: string, provider: string): string | null =>
  env.text(name) ?? env.refuse(name, `is missing for ${provider}`)

const FILE = 'GOOGLE_APPLICATION_CREDENTIALS'
const TOKEN_URL = 'https://oauth2.googleapis.com/token'

/** The key file of a service account, as Google gives it out. Nothing of it is repeated. */
const readAccount = (env: Environment, file: string) => {
  const json = parsed(file)
  if (json === null) return env.refuse(FILE, 'must be a file that can be read and holds a JSON object')
  const field = (name: string): string | null => (typeof json[name] === 'string' && json[name] ? json[name] : null)
  if (field('type') !== 'service_account') {
    return env.refuse(FILE, 'must be the key of a service account ("type": "service_account"); no other kind is read')
  }
  const [clientEmail, privateKey] = [field('client_email'), field('private_key')]
  if (clientEmail === null || privateKey === null || !isPrivateKey(privateKey)) {
    return env.refuse(FILE, 'holds no client_email, or no private_key that can be read')
  }
  const tokenUrl = field('token_uri') ?? TOKEN_URL
  if (!URL.canParse(tokenUrl)) return env.refuse(FILE, 'holds a token_uri that is no address')
  return { clientEmail, privateKey, keyId: field('private_key_id'), tokenUrl, projectId: field('project_id') }
}

const parsed = (file: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

const isPrivateKey = (pem: string): boolean => {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
