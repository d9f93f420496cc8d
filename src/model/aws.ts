import { createHash, createHmac } from 'node:crypto'
import type { HttpRequest } from './client.ts'

export interface Signer {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string | null
  region: string
  service: string
}

/** Signed for AWS (Signature Version 4): all headers that it has, its host, its body, and the time. */
export const sign = (request: HttpRequest, signer: Signer, now: Date): HttpRequest => {
  const at = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': at,
    ...(signer.sessionToken === null ? {} : { 'x-amz-security-token': signer.sessionToken }),
  }
  const signed = { ...headers, host: new URL(request.url).host }
  const authorization = authorizationOf({ ...request, headers: signed }, signer, at)
  return { ...request, headers: { ...headers, authorization } }
}

const ALGORITHM = 'AWS4-HMAC-SHA256'

/** Over exactly these headers. */
export const authorizationOf = (request: HttpRequest, signer: Signer, at: string): string => {
  const { accessKeyId, secretAccessKey, region, service } = signer
  const names = Object.keys(request.headers)
    .map((name) => name.toLowerCase())
    .sort()
    .join(';')
  const scope = [at.slice(0, 8), region, service, 'aws4_request']
  const toSign = [ALGORITHM, at, scope.join('/'), sha256(canonical(request, names))].join('\n')
  const key = scope.reduce<Buffer | string>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`)
  const signature = hmac(key, toSign).toString('hex')
  return `${ALGORITHM} Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`
}

const canonical = ({ method, url, headers, body }: HttpRequest, names: string): string => {
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name.toLowerCase()}:${value.trim().replace(/ +/g, ' ')}\n`)
    .sort()
  const { pathname } = new URL(url)
  // Encoded once more than it is sent, as every service but S3 wants it. Our addresses have no query.
  const path = pathname.split('/').map(encodeURIComponent).join('/')
  return [method, path, '', lines.join(''), names, sha256(body)].join('\n')
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()
