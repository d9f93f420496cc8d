import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startTestService } from '../support/service.ts'

const ROOT = join(import.meta.dirname, '../..')

const startJudged = async () => {
  const directory = await mkdtemp(join(tmpdir(), 'deploybot-judge-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'deploybot.yaml')
  await writeFile(file, `${await readFile(join(ROOT, 'deploybot.yaml'), 'utf8')}\njudge: true\n`)
  return startTestService({ DEPLOYBOT_CONFIG: file })
}

test('a step that nobody asked for is shown to its approver with the doubt of a second model, and is theirs to decide', async () => {
  const bot = await startJudged()
  const wrong = { intent: 'deploy_frontend', tag: 'v1.2.3', environment: 'production' }
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify([{ content: JSON.stringify(wrong) }])
  await fetch(`${bot.model()}/_sandbox/replies`, { method: 'POST', headers, body })
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const asked = await bot.untilAsked(id, 'approval')
  const doubt = { level: 'high', text: 'People spoke of backend, and this is frontend.', model: 'sandbox-planner' }
  expect(asked).toMatchObject({ kind: 'approval', service: 'frontend', doubt })
  const page = await (await fetch(`${bot.url()}/threads/${id}`, { headers: { accept: 'text/html' } })).text()
  expect(page).toContain('A second model doubts this (high): People spoke of backend, and this is frontend.')
  await bot.respond(id, asked.seq, { approved: true })
  await bot.untilEvent(id, 'dispatch_accepted')
})

test('what was asked for is asked about without a doubt', async () => {
  const bot = await startJudged()
  const id = await bot.launch('deploy backend v1.2.3 to production')
  expect(await bot.untilAsked(id, 'approval')).not.toHaveProperty('doubt')
})
