import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandboxGitHub } from '../../src/sandbox/github/server.ts'
import { startSandboxModel } from '../../src/sandbox/model/server.ts'
import { openStore } from '../../src/store/store.ts'
import { spawnService } from '../support/process.ts'
import { processSettings, temporaryDirectory } from '../support/process-settings.ts'
import { createApi, types } from '../support/service.ts'

const SECRETS = {
  GITHUB_TOKEN: 'ghp_a-token-of-github',
  GITHUB_WEBHOOK_SECRET: 'the-secret-of-the-webhook',
  LLM_API_KEY: 'sk-the-key-of-the-model',
  HUMAN_WEBHOOK_SECRET: `whsec_${Buffer.from('the secret of the callbacks').toString('base64')}`,
}
const WORDS = 'deploy backend v1.2.3 to production, says the purple elephant'
const COMMENT = 'yes, says the green giraffe'
const KEY_OF_REPLIES = 'the-key-in-the-address'

type Line = { msg: string; thread_id?: string; seq?: number; events?: string[]; delivery_id?: string; code?: string }

const linesOf = (output: string): Line[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

/** Both worlds outside, with real keys to them, and a caller with a token. */
const world = async () => {
  const github = await startSandboxGitHub({
    port: 0,
    stateFile: join(await temporaryDirectory(), 'github.json'),
    pace: { queued: 30, running: 60 },
  })
  const model = await startSandboxModel()
  const settings = await processSettings()
  const store = await openStore({ url: settings['DATABASE_URL'] ?? '' })
  onTestFinished(() => Promise.all([github.close(), model.close(), store.close()]).then(() => {}))
  const scopes = ['read', 'ask', 'approve'] as const
  const token = await store.tokens.create({ name: 'lead', scopes: [...scopes], person: 'lead', expires_in_days: 1 })
  const url = `http://127.0.0.1:${settings['PORT']}`
  github.setWebhook({ url: `${url}/webhooks/github`, secret: SECRETS.GITHUB_WEBHOOK_SECRET })
  const env = {
    ...settings,
    ...SECRETS,
    DEPLOYBOT_AUTH: 'tokens',
    WEBHOOK_PRIVATE_HOSTS: '127.0.0.1',
    GITHUB_API_URL: github.url,
    LLM_PROVIDER: 'openai-generic',
    LLM_MODEL: 'sandbox-planner',
    LLM_BASE_URL: model.url,
  }
  const bot = createApi(() => url, { authorization: `Bearer ${token.secret}` })
  return { env, bot, token: token.secret }
}

describe('the log of a whole deployment by two processes', () => {
  test("tells the thread's story by its id, and no secret and no prompt", async () => {
    const { env, bot, token } = await world()
    const first = await spawnService({ ...env, LOG_LEVEL: 'info' })
    const reply_to = { webhook: `http://127.0.0.1:9/hook?key=${KEY_OF_REPLIES}` }
    const { body } = await bot.post('/threads', { message: WORDS, reply_to }, { 'idempotency-key': 'launch-1' })
    const { id } = body
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.untilEvent(id, 'human_contacted')
    await first.terminate()
    const second = await spawnService({ ...env, LOG_LEVEL: 'debug' })
    await bot.respond(id, seq, { approved: true, comment: COMMENT })
    await bot.respond(id, seq, { approved: true })
    const done = await bot.untilStatus(id, 'done')
    await second.terminate()

    const output = first.output() + second.output()
    const lines = linesOf(output)
    const story = lines.filter(({ thread_id }) => thread_id === id)
    const appended = story.filter(({ msg }) => msg === 'appended')
    expect(appended.flatMap(({ events = [] }) => events).slice(0, done.events.length)).toEqual(types(done))
    let next = 1
    for (const { seq: at, events = [] } of appended) {
      expect(at).toBe(next)
      next += events.length
    }
    expect(appended[0]).toMatchObject({ seq: 1, by: 'person/lead', delivery_id: 'launch-1' })
    expect(appended.find(({ events }) => events?.includes('approval_given'))).toMatchObject({ by: 'person/lead' })
    expect(story).toContainEqual(expect.objectContaining({ msg: 'request refused', code: 'already_answered' }))
    expect(story).toContainEqual(
      expect.objectContaining({ msg: 'github webhook', delivery_id: expect.stringMatching(/./) }),
    )
    const called = story.filter(({ msg }) => msg === 'step_selected')
    expect(called.length).toBeGreaterThan(1)
    for (const line of called) expect(line).toMatchObject({ seq: expect.any(Number), effect: 'ask_model' })

    const claims = ['swept']
    expect(linesOf(first.output()).filter(({ msg }) => claims.includes(msg))).toEqual([])
    expect(new Set(lines.map(({ msg }) => msg))).toEqual(expect.toSatisfy((told) => told.isSupersetOf(new Set(claims))))

    const never = [...Object.values(SECRETS), token, KEY_OF_REPLIES, 'elephant', 'giraffe', 'Round shipping']
    expect(never.filter((secret) => output.includes(secret))).toEqual([])
  })
})
