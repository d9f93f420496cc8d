import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../../src/store/embedded.ts'
import { SCHEMA_VERSION, type StoredEvent } from '../../src/thread/upcast.ts'
import { startBot } from './bot.ts'
import { askedIn, meaningOf, type Recorded } from './fold.ts'
import { scenarios } from './scenarios.ts'

/*
 * node test/corpus/record.ts           records the scenarios that have no log of this SCHEMA_VERSION yet. What was recorded
 *                                      once stays: old logs are there to be read by newer code.
 * node test/corpus/record.ts --accept  leaves the logs, and takes what the present code makes of them for right: after a
 *                                      change of the prompt that is meant.
 */
const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** One event a line. */
const save = (file: string, events: StoredEvent[]): Promise<void> => {
  const meaning = JSON.stringify(meaningOf(events), null, 2).replaceAll('\n', '\n  ')
  const lines = events.map((event) => `    ${JSON.stringify(event)}`).join(',\n')
  return writeFile(join(import.meta.dirname, file), `{\n  "meaning": ${meaning},\n  "events": [\n${lines}\n  ]\n}\n`)
}

const accept = async (): Promise<void> => {
  for (const file of (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.json'))) {
    const { events } = JSON.parse(await readFile(join(import.meta.dirname, file), 'utf8')) as Recorded
    await save(file, events)
    print(`accepted ${file}`)
  }
}

/** What each call was shown stands beside the logs: the hash in an event is of the code that wrote it, whose prompts are gone. */
const saveAsked = async (): Promise<void> => {
  const files = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.json')).sort()
  const asked: Record<string, Record<string, string>> = {}
  for (const file of files) {
    const { events } = JSON.parse(await readFile(join(import.meta.dirname, file), 'utf8')) as Recorded
    asked[file] = askedIn(events)
  }
  await writeFile(join(import.meta.dirname, 'asked/asked.json'), `${JSON.stringify(asked, null, 2)}\n`)
}

const record = async (): Promise<void> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-corpus-'))
  const { connection, stop } = await startEmbedded({ dataDir, dieWithParent: true })
  for (const [name, play] of Object.entries(scenarios)) {
    const file = `${name}.v${SCHEMA_VERSION}.json`
    if (existsSync(join(import.meta.dirname, file))) continue
    const bot = await startBot(connection)
    await save(file, await bot.log(await play(bot)))
    await bot.stop()
    print(`recorded ${file}`)
  }
  await stop()
  await rm(dataDir, { recursive: true })
}

await (process.argv.includes('--accept') ? accept() : record())
await saveAsked()
