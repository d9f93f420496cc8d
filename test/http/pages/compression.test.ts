import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { freshDatabase } from '../../support/postgres.ts'
import { createBrowser, formIn } from './support.ts'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => {
  const { connection, drop } = await freshDatabase()
  afterAll(drop)
  app = await startApp(connection, {}, afterAll)
})

/** What goes over the wire, untouched. */
const wire = async (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ encoding: string | undefined; vary: string | undefined; body: Buffer }>((resolve, reject) => {
    const asked = request(`${app.url}${path}`, { headers: { accept: 'text/html', ...headers } }, async (answer) =>
      resolve({
        encoding: answer.headers['content-encoding'],
        vary: answer.headers.vary,
        body: await buffer(answer),
      }),
    )
    asked.on('error', reject).end()
  })
const ALL = { 'accept-encoding': 'gzip, deflate, br' }

describe('over the wire', () => {
  test('a page and what it is made with are packed as the browser wishes, and are the same', async () => {
    const plain = await wire('/settings')
    const style = /\/assets\/style\.[^"]+/.exec(plain.body.toString())?.[0] ?? ''
    expect([plain.encoding, plain.vary]).toEqual([undefined, 'accept, accept-encoding'])
    const packed = await wire(style, ALL)
    expect(packed.encoding).toBe('br')
    expect(brotliDecompressSync(packed.body)).toEqual((await wire(style)).body)
    const zipped = await wire(style, { 'accept-encoding': 'gzip, br;q=0' })
    expect(zipped.encoding).toBe('gzip')
    expect(gunzipSync(zipped.body)).toEqual((await wire(style)).body)
    expect((await wire('/settings', ALL)).body.length).toBeLessThan(plain.body.length / 2)
  })

  test('the API is not packed, and a stream says its first word at once', async () => {
    expect((await wire('/openapi.json', { ...ALL, accept: 'application/json' })).encoding).toBeUndefined()
    const gone = new AbortController()
    const answer = await fetch(`${app.url}/live`, { headers: ALL, signal: gone.signal })
    const first = await answer.body?.getReader().read()
    expect(answer.headers.get('content-encoding')).toBeNull()
    expect(new TextDecoder().decode(first?.value)).toBe('retry: 1000\n\n')
    gone.abort()
  })

  test('nothing is packed together with what another site put into the address', async () => {
    const from = (site: string) => wire('/threads?text=guess', { ...ALL, 'sec-fetch-site': site })
    expect((await from('cross-site')).encoding).toBeUndefined()
    expect((await wire('/threads?text=guess', ALL)).encoding).toBeUndefined()
    expect((await from('same-origin')).encoding).toBe('br')
    expect((await wire('/threads', { ...ALL, 'sec-fetch-site': 'cross-site' })).encoding).toBe('br')
  })

  test('what forms carry is another each time, and each of them is taken', async () => {
    const { go, send } = createBrowser(app.url)
    const forms = [formIn((await go('/')).text), formIn((await go('/')).text)]
    expect(forms[0]).not.toBe(forms[1])
    for (const form of forms) expect((await send('/asks', { form, message: 'deploy backend' })).status).toBe(303)
    const [bent = ''] = forms.map((form) => (form.startsWith('A') ? `B${form.slice(1)}` : `A${form.slice(1)}`))
    for (const form of [bent, '', 'A'.repeat(86)])
      expect((await send('/asks', { form, message: 'x' })).status).toBe(403)
  })
})
