import { describe, expect, test } from 'vitest'
import { createConnect } from '../../src/tools/github.ts'
import { createApps } from '../../src/tools/manifest.ts'
import { privateKey } from '../sandbox/github/receiver.ts'
import { open } from '../sandbox/github/support.ts'
import { says, startHost } from '../support/host.ts'
import { nowhere } from './support.ts'

describe('making an App of a code', () => {
  test('gives all that is needed to be it, once, without signing in', async () => {
    const { sandbox } = await open()
    const apps = createApps(sandbox.url)
    expect(await apps.convert('c1')).toMatchObject({
      id: 1,
      name: 'Deploybot',
      url: expect.stringContaining('/apps/deploybot'),
      private_key: expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY/),
      webhook_secret: expect.stringMatching(/^.{16,}$/),
    })
    expect(await apps.convert('c1')).toBeNull()
  })

  test('says why not where GitHub fails, and asks once', async () => {
    const { url, asked } = await startHost(says(502))
    await expect(createApps(url).convert('c1')).rejects.toMatchObject({ code: 'github_unavailable' })
    expect(asked()).toBe(1)
    await expect(createApps(await nowhere()).convert('c1')).rejects.toMatchObject({ code: 'github_unreachable' })
  })
})

describe('acting as an App', () => {
  const connected = async () => {
    const { sandbox, control } = await open()
    const connect = createConnect({ auth: { appId: 1, privateKey }, apiUrl: sandbox.url, paceWrites: false })
    const lookedFor = async () =>
      (await control<{ path: string }[]>('GET', '/requests')).filter(({ path }) => path.endsWith('/installation'))
        .length
    return { connect, lookedFor }
  }

  test('its installation is looked for once, and anew when it has changed', async () => {
    const { connect, lookedFor } = await connected()
    await connect('acme/shop')
    await connect('acme/shop')
    expect(await lookedFor()).toBe(1)
    connect.forget()
    await connect('acme/shop')
    expect(await lookedFor()).toBe(2)
  })

  test('what it writes stands under its own name', async () => {
    const { connect } = await connected()
    expect(await connect.self()).toBe('deploybot[bot]')
  })

  test('a token that may not say whose it is has no name', async () => {
    const { url } = await startHost(says(403, { message: 'Resource not accessible by integration' }))
    expect(await createConnect({ auth: { token: 'ghs_x' }, apiUrl: url }).self()).toBeNull()
  })
})
