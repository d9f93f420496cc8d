import { parseArgs } from 'node:util'
import { validate } from 'uuid'
import { WriteDoor } from '../agent/door.ts'
import type { Bell } from '../agent/ports.ts'
import { rulesOf } from '../agent/rules.ts'
import { readConfig } from '../config.ts'
import { createListing } from '../store/listing.ts'
import { createLog } from '../store/log.ts'
import { createQuarantine } from '../store/quarantine.ts'
import { openDatabase } from '../store/store.ts'
import type { Policy } from '../thread/policy.ts'
import { STATUSES } from '../thread/state.ts'
import { clean } from '../thread/text.ts'
import { transcript } from '../thread/transcript.ts'
import { table } from './threads/table.ts'

const USAGE = `usage:
  npm run threads -- list [--status STATUS] [--limit 20]
  npm run threads -- show ID
  npm run threads -- release ID
  npm run threads -- cancel ID --as PERSON [--reason WORDS]
STATUS: ${STATUSES.join(', ')}, or quarantined
PERSON: a key of people in deploybot.yaml; the thread says that it was they`
const MOST = 1_000
// This process owns no thread.
const NOBODY = 0

type Database = Awaited<ReturnType<typeof openDatabase>>['pool']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    status: { type: 'string' },
    limit: { type: 'string', default: '20' },
    as: { type: 'string' },
    reason: { type: 'string' },
  },
})

const list = async (pool: Database): Promise<string> => {
  const { status } = values
  const limit = Number(values.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw new Error(`--limit must be from 1 to ${MOST}`)
  const quarantined = await createQuarantine(pool).list()
  if (status === 'quarantined') return table(quarantined.slice(0, limit), quarantined)
  if (status !== undefined && !STATUSES.some((known) => known === status))
    throw new Error(`there is no status ${status}\n${USAGE}`)
  const { threads } = await createListing(pool).list({ limit, ...(status === undefined ? {} : { status }) })
  return table(threads, quarantined)
}

const show = async (pool: Database, id: string): Promise<string> => {
  const { events } = await createLog(pool, NOBODY).load(id)
  if (events.length === 0) throw new Error(`there is no thread ${id}`)
  // People and repositories wrote these words: none of them may steer the terminal.
  return clean(transcript(events), Number.POSITIVE_INFINITY)
}

const release = async (pool: Database, id: string): Promise<string> => {
  if (await createQuarantine(pool).release(id)) return `thread ${id} is released and due now`
  throw new Error(`thread ${id} is not in quarantine`)
}

// The service finds the thread by its sweep, within half a second.
const silent: Bell = { ring: () => {}, listen: () => () => {} }

const cancel = async (pool: Database, id: string, policy: Policy): Promise<string> => {
  const { as: person, reason } = values
  const people = Object.keys(policy.people)
  if (person === undefined || !people.includes(person)) {
    throw new Error(`say who cancels: --as PERSON, one of: ${people.join(', ')}`)
  }
  const log = createLog(pool, NOBODY)
  const door = new WriteDoor({ log, bell: silent, rules: rulesOf(policy), hasRoom: () => false })
  const actor = { kind: 'person', id: person, via: 'terminal' } as const
  await door.handle(id, { type: 'cancel', actor, ...(reason === undefined ? {} : { reason }) })
  return `thread ${id} is cancelled`
}

const run = async (pool: Database, policy: Policy): Promise<string> => {
  const [verb, id] = positionals
  if (verb === 'list') return list(pool)
  if (verb !== 'show' && verb !== 'release' && verb !== 'cancel') throw new Error(USAGE)
  if (id === undefined) throw new Error(USAGE)
  if (!validate(id)) throw new Error(`${id} is no thread id: it is a UUID, as list shows it`)
  if (verb === 'show') return show(pool, id)
  return verb === 'release' ? release(pool, id) : cancel(pool, id, policy)
}

const config = readConfig()
const { pool, close } = await openDatabase(config.database)
try {
  process.stdout.write(`${await run(pool, config.policy)}\n`)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
} finally {
  await close()
}
