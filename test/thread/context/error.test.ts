import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { compactError, MOST_TOKENS } from '../../../src/thread/context/error.ts'
import { allowedAfter } from '../../../src/thread/context/hints.ts'
import { tokensIn } from '../../../src/thread/context/tokens.ts'
import type { ErrorData, Event } from '../../../src/thread/event.ts'
import { toYaml } from '../../../src/thread/yaml.ts'
import { anyText } from '../../support/any-text.ts'

const SOURCE = join(import.meta.dirname, '../../../src')
const CODES = [
  /(?:ToolError|ModelError|stop)\(\s*'([a-z_]+)'/g,
  /code: '([a-z_]+)'/g,
  /\bunknown\('(unknown_[a-z]+)'/g,
  /return '(model_[a-z_]+)'/g,
  /^ {2}4\d\d: '([a-z_]+)'/gm,
  /^ {2}\| '(model_[a-z_]+|not_its_step)'/gm,
]

/** Every code that an error may have, as the code base names it. */
const codes = [
  ...new Set(
    ['thread', 'tools', 'model', 'agent'].flatMap((folder) =>
      readdirSync(join(SOURCE, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(join(SOURCE, folder, file), 'utf8'))
        .flatMap((text) => CODES.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code = '']) => code))),
    ),
  ),
]

const tried = {
  seq: 5,
  type: 'deploy_service',
  data: { intent: 'deploy_service', service: 'checkout', tag: 'v1.24.3', environment: 'production' },
} as Event

const shown = (data: ErrorData, step: Event | undefined = tried) => {
  const text = `<error>\n${toYaml(compactError(data, step), '', 'plain')}\n</error>`
  return { text, read: parse(text.split('\n').slice(1, -1).join('\n')), tokens: tokensIn(text) }
}

const LONG = 'checkout v1.24.3 (3ff4aef) has not succeeded on staging, which must come before production; and '.repeat(
  3,
)
const nearest = Array.from({ length: 20 }, (_, i) => `v1.24.${i}`)

describe('an error as the model reads it', () => {
  test('there are as many codes as we think', () => expect(codes.length).toBeGreaterThanOrEqual(40))

  test.each(codes)(`%s: what failed, why, what was tried and what is allowed, in ${MOST_TOKENS} tokens`, (code) => {
    const { read, tokens } = shown({ code, message: LONG, to: 5, nearest })
    expect(tokens).toBeLessThanOrEqual(MOST_TOKENS)
    expect(read).toMatchObject({ code, tried: expect.stringMatching(/^deploy_service/) })
    expect(read.message).toMatch(/^checkout v1/)
    expect(read.nearest).toMatch(/^v1\.24\.0/)
  })

  test('without names to choose from a hint says what is allowed', () =>
    expect(shown({ code: 'goes_backward', message: LONG, to: 5 }).read.allowed).toBe(allowedAfter('goes_backward')))

  test('of a run that broke: where, and the last line that it wrote', () => {
    const log = `${'npm warn deprecated\n'.repeat(200)}Error: connect ECONNREFUSED 10.0.0.7:5432\n`
    const { read, tokens } = shown({ code: 'run_failed', message: LONG, job: 'deploy', step: 'Migrate', log, to: 5 })
    expect(read.message).toMatch(/^deploy, Migrate: connect ECONNREFUSED/)
    expect(tokens).toBeLessThanOrEqual(MOST_TOKENS)
  })

  test.each([
    [
      'npm ERR! code ENOSPC\nENOSPC: no space left on device\n##[error]Process completed with exit code 1.',
      'ENOSPC: no space left on device',
    ],
    ['fatal: repository not found\nDone in 3 s\nProcess exited with status 128', 'fatal: repository not found'],
    ['one\ntwo\n\n', 'two'],
    ['##[error]Process completed with exit code 1.', ''],
  ])('of a log %j the line that says why', (log, line) =>
    expect(shown({ code: 'run_failed', message: LONG, job: 'deploy', log }, undefined).read.message).toBe(
      `deploy${line && `: ${line}`}`,
    ),
  )

  test('of a lock: who, until when and why', () => {
    const message = `backend on production is locked by lead until 2026-11-26T03:16:12.345Z (thread 01890a5d-ac96-774b-bcce-b302099a8057): moving the database`
    expect(shown({ code: 'locked', message, to: 5 }).read.message).toBe(
      'backend on production is locked by lead until 2026-11-26T03:16Z: moving the database',
    )
  })

  test('a short one is whole', () =>
    expect(
      shown({ code: 'unknown_tag', message: 'there is no tag or commit v9', to: 5, nearest: ['v1', 'v2'] }).read,
    ).toEqual({
      code: 'unknown_tag',
      tried: 'deploy_service checkout v1.24.3 production',
      message: 'there is no tag or commit v9',
      nearest: 'v1, v2',
    }))

  test('whatever it says, and in whatever script, it stays short', () =>
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 300 }), (a, b) => {
        const data = { code: 'unknown_tag', message: a, to: 5, nearest: [b, a], job: b, step: a, log: b }
        expect(shown(data).tokens).toBeLessThanOrEqual(MOST_TOKENS)
      }),
    ))
})
