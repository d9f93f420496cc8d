import { createPrivateKey } from 'node:crypto'
import { App, Octokit } from 'octokit'
import { expect, test } from 'vitest'
import { openReceiver, privateKey, told } from './receiver.ts'
import { octokitOf, open, place } from './support.ts'

const members = { org: 'acme', team_slug: 'oncall' }

test('knows the members of a team, and who is none', async () => {
  const { octokit, control } = await open()
  const { data } = await octokit.rest.teams.listMembersInOrg(members)
  expect(data.map(({ login }) => login)).toEqual(['aiko-t', 'samokafor'])
  const { data: one } = await octokit.rest.teams.getMembershipForUserInOrg({ ...members, username: 'Aiko-T' })
  expect(one.state).toBe('active')
  const other = { ...members, username: 'tomasrey' }
  await expect(octokit.rest.teams.getMembershipForUserInOrg(other)).rejects.toMatchObject({ status: 404 })
  await control('PUT', '/teams/oncall', { members: ['tomasrey'] })
  expect((await octokit.rest.teams.getMembershipForUserInOrg(other)).data.role).toBe('member')
  const nobody = octokit.rest.teams.listMembersInOrg({ ...members, team_slug: 'nobody' })
  await expect(nobody).rejects.toMatchObject({ status: 404 })
})

test('tells what somebody may do', async () => {
  const { octokit, control } = await open()
  const may = async (username: string) =>
    (await octokit.rest.repos.getCollaboratorPermissionLevel({ ...place, username })).data.permission
  expect(await may('maya-lindqvist')).toBe('admin')
  expect(await may('tomasrey')).toBe('write')
  expect(await may('a-reader')).toBe('read')
  expect(await may('stranger')).toBe('none')
  await control('PUT', '/collaborators/stranger', { permission: 'write' })
  expect(await may('Stranger')).toBe('write')
})

test('lets the App see itself, its installation and the repository', async () => {
  const { sandbox } = await open()
  const app = new App({ appId: 1, privateKey, Octokit: Octokit.defaults({ baseUrl: sandbox.url }) })
  expect((await app.octokit.rest.apps.getAuthenticated()).data?.slug).toBe('deploybot')
  const { data: installations } = await app.octokit.rest.apps.listInstallations()
  expect(installations.map(({ id }) => id)).toEqual([4242])
  const octokit = await app.getInstallationOctokit(4242)
  const { data } = await octokit.rest.apps.listReposAccessibleToInstallation()
  expect(data.repositories.map(({ full_name }) => full_name)).toEqual(['acme/shop', 'acme/search'])
})

test('makes an App of a code, once, with a key that signs', async () => {
  const { sandbox } = await open()
  const octokit = octokitOf(sandbox.url)
  const { data, status } = await octokit.rest.apps.createFromManifest({ code: 'a-code' })
  expect(status).toBe(201)
  expect(createPrivateKey(data.pem).asymmetricKeyType).toBe('rsa')
  expect(data).toMatchObject({ slug: 'deploybot', client_id: 'Iv1.sandbox', webhook_secret: expect.any(String) })
  await expect(octokit.rest.apps.createFromManifest({ code: 'a-code' })).rejects.toMatchObject({ status: 404 })
})

test('sends the form of a manifest back with a code, and what the code becomes has its name', async () => {
  const { sandbox } = await open()
  const send = (manifest: object) =>
    fetch(`${sandbox.url}/organizations/acme/settings/apps/new?state=s1`, {
      method: 'POST',
      body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
      redirect: 'manual',
    })
  const answer = await send({ name: 'Deploybot of acme', redirect_url: 'http://127.0.0.1:9/made?x=1' })
  expect(answer.status).toBe(302)
  const back = new URL(answer.headers.get('location') ?? '')
  expect(Object.fromEntries(back.searchParams)).toEqual({ x: '1', code: expect.any(String), state: 's1' })
  const code = back.searchParams.get('code') ?? ''
  const { data } = await octokitOf(sandbox.url).rest.apps.createFromManifest({ code })
  expect(data.slug).toBe('deploybot-of-acme')
  expect((await send({ name: 'No way back' })).status).toBe(422)
})

test('takes the App away and gives it back, and says so', async () => {
  const receiver = await openReceiver()
  const { octokit, control, sandbox } = await open({ webhook: receiver })
  const app = new App({
    appId: 1,
    privateKey,
    Octokit: Octokit.defaults({ baseUrl: sandbox.url, retry: { enabled: false } }),
  })
  const get = () => octokit.rest.repos.get(place)
  const token = () => app.octokit.rest.apps.createInstallationAccessToken({ installation_id: 4242 })
  await control('PUT', '/installation', { state: 'suspended' })
  await expect(get()).rejects.toMatchObject({ status: 403, message: expect.stringContaining('suspended') })
  await expect(token()).rejects.toMatchObject({ status: 403 })
  await control('PUT', '/installation', { state: 'deleted' })
  await expect(get()).rejects.toMatchObject({ status: 401 })
  await expect(token()).rejects.toMatchObject({ status: 404 })
  expect((await app.octokit.rest.apps.listInstallations()).data).toEqual([])
  await control('PUT', '/installation', { state: 'active' })
  expect((await get()).status).toBe(200)
  const received = await receiver.until(3)
  expect(told(received, 'installation')).toEqual(['suspend', 'deleted', 'created'])
  expect(received[0]?.payload).toMatchObject({ installation: { id: 4242, suspended_by: { login: 'maya-lindqvist' } } })
})
