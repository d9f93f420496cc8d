import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { startService } from '../../src/service.ts'
import { launch } from '../sandbox/slack/browser.ts'
import { createSlackRoom } from '../support/slack-room.ts'

// What people look at, as the README shows it: the sandbox's Slack, the inbox on a phone, and a thread.
const ROOT = join(import.meta.dirname, '../..')
const PICTURES = join(ROOT, '.github/pictures')

const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-pictures-'))
const service = await startService(
  readConfig({ PORT: '0', DEPLOYBOT_DATA: dataDir }, ROOT),
  pino({ level: 'silent' }),
  { pace: { queued: 200, running: 400 } },
)
const slack = /http:\/\/127\.0\.0\.1:\d+/.exec(service.parts.find((line) => line.startsWith('slack')) ?? '')?.[0] ?? ''
const { mention } = createSlackRoom(() => ({ slack: () => slack }))
const browser = await launch()

const picture = async (url: string, name: string, width: number, height: number) => {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: 'light' })
  await page.goto(url)
  await page.waitForTimeout(500)
  await page.screenshot({ path: join(PICTURES, name) })
  await page.close()
}

const { card, id } = await mention('deploy backend v1.2.3 to production')
await card()
await picture(slack, 'slack.png', 1000, 820)
await picture(service.url, 'inbox.png', 390, 700)
await picture(`${service.url}/threads/${id}`, 'thread.png', 1100, 820)
await browser.close()
await service.stop()
await rm(dataDir, { recursive: true, force: true })
