import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { createSignIn } from '../../../src/tools/sign-in.ts'

const SECRET = 'a-client-secret'
const AGAIN_MS = 100

/** GitHub's part of a sign-in: gives out codes for whoever clicks there, and takes each once, with its verifier. */
export const startOAuth = async (site?: () => string, atEnd: (clean: () => Promise<void>) => void = onTestFinished) => {
  const codes = new Map<string, { login: string; id: number; challenge: string; back: string }>()
  const server = createServer(async (request, response) => {
    const say = (body: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    if (request.url === '/user') {
      const [login = '', id = '0'] = (request.headers.authorization ?? '').replace(/^token gho_/, '').split('.')
      say({ login, id: Number(id) })
      return
    }
    if (request.url?.startsWith('/login/oauth/authorize') && site) {
      // Somebody who is signed in there, and says yes.
      const back = clicks(new URL(request.url, url).href, 'shop-lead').replace('http://127.0.0.1/', `${site()}/`)
      response.writeHead(303, { location: back }).end()
      return
    }
    const form = new URLSearchParams(await text(request))
    const found = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const right = found?.challenge === challenge && found.back === form.get('redirect_uri')
    if (found && right && form.get('client_secret') === SECRET) say({ access_token: `gho_${found.login}.${found.id}` })
    else say({ error: 'bad_verification_code' })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(async () => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  /** What GitHub does when somebody says yes there: the address that it sends the browser back to. */
  const clicks = (authorize: string, login: string, id = 7): string => {
    const query = new URL(authorize).searchParams
    const code = `code-${codes.size}-${login}`
    const back = query.get('redirect_uri') ?? ''
    codes.set(code, { login, id, back, challenge: query.get('code_challenge') ?? '' })
    return `${back}?${new URLSearchParams({ code, state: query.get('state') ?? '' })}`
  }
  return {
    signIn: createSignIn({ web: url, apiUrl: url, clientId: 'client', clientSecret: SECRET }),
    clicks,
    url,
    secret: SECRET,
  }
}

/** A browser without script: keeps cookies, sends forms as its pages have them, follows nothing by itself. */
export const createBrowser = (origin: string) => {
  const cookies = new Map<string, string>()
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(new URL(path, origin), {
      redirect: 'manual',
      ...init,
      headers: { accept: 'text/html', ...(cookie ? { cookie } : {}), ...(init.headers as Record<string, string>) },
    })
    // A busy machine turns readers away for a moment: come again, as any reader would.
    if (answer.status !== 503 || init.method !== undefined) return answer
    await sleep(AGAIN_MS)
    return ask(path, init)
  }
  const go = async (path: string, init: RequestInit = {}) => {
    const answer = await ask(path, init)
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return {
      status: answer.status,
      to: answer.headers.get('location') ?? '',
      text: await answer.text(),
      headers: answer.headers,
    }
  }
  const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    go(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })
  return { go, send, cookies }
}

/** The hidden token that the forms of a page carry. */
export const formIn = (page: string): string =>
  /name="form" value="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#61;', '=') ?? ''
