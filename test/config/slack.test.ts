import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'

const read = (env: NodeJS.ProcessEnv) => readConfig(env, join(import.meta.dirname, '../..')).slack
const problems = (env: NodeJS.ProcessEnv): string[] => {
  try {
    read(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const SLACK_SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5'
const SLACK_BOT_TOKEN = 'xoxb-1-abc'
const app = { SLACK_CLIENT_ID: '12.34', SLACK_CLIENT_SECRET: 'a-secret-of-the-slack-app' }

describe('Slack', () => {
  test('is off with nothing set', () => expect(read({})).toBeNull())

  test('is one workspace with its token', () =>
    expect(read({ SLACK_SIGNING_SECRET, SLACK_BOT_TOKEN })).toEqual({
      signingSecret: SLACK_SIGNING_SECRET,
      botToken: SLACK_BOT_TOKEN,
      app: null,
      apiUrl: null,
    }))

  test('is many that install it, wherever Slack is', () =>
    expect(read({ SLACK_SIGNING_SECRET, ...app, SLACK_API_URL: 'http://127.0.0.1:9/api/' })).toEqual({
      signingSecret: SLACK_SIGNING_SECRET,
      botToken: null,
      app: { clientId: '12.34', clientSecret: app.SLACK_CLIENT_SECRET },
      apiUrl: 'http://127.0.0.1:9/api',
    }))

  test.each<[NodeJS.ProcessEnv, RegExp[]]>([
    [{ SLACK_BOT_TOKEN }, [/^SLACK_SIGNING_SECRET: is missing: without it a click could come from anybody/]],
    [app, [/^SLACK_SIGNING_SECRET: is missing/]],
    [{ SLACK_SIGNING_SECRET }, [/^SLACK_SIGNING_SECRET: is set, but neither/]],
    [{ SLACK_API_URL: 'http://127.0.0.1:9/api' }, [/^SLACK_API_URL: is set, but neither/]],
    [{ SLACK_SIGNING_SECRET: 'short', SLACK_BOT_TOKEN }, [/^SLACK_SIGNING_SECRET: must be at least 16/]],
    [{ SLACK_SIGNING_SECRET, SLACK_BOT_TOKEN: 'xoxp-1' }, [/^SLACK_BOT_TOKEN: must be a bot token/]],
    [{ SLACK_SIGNING_SECRET, SLACK_CLIENT_ID: '12.34' }, [/^SLACK_CLIENT_SECRET: is missing beside/]],
    [{ SLACK_SIGNING_SECRET, SLACK_CLIENT_SECRET: app.SLACK_CLIENT_SECRET }, [/^SLACK_CLIENT_ID: is missing beside/]],
    [{ SLACK_SIGNING_SECRET, ...app, SLACK_CLIENT_ID: 'x' }, [/^SLACK_CLIENT_ID: must be two numbers/]],
  ])('set up by half refuses the start and says what is wrong: %j', (env, words) =>
    expect(problems(env)).toEqual(words.map((pattern) => expect.stringMatching(pattern))),
  )

  test('no secret is repeated', () =>
    expect(problems({ SLACK_SIGNING_SECRET: 'short', SLACK_BOT_TOKEN: 'xoxp-secret' }).join()).not.toMatch(
      /short|xoxp-secret/,
    ))
})
