import { readConfig } from '../config.ts'
import { rebuild } from '../store/rebuild.ts'
import { openDatabase } from '../store/store.ts'
import { rowOf } from '../thread/index-row.ts'

const { pool, close } = await openDatabase(readConfig().database)
const { folded, unreadable } = await rebuild(pool, rowOf)
process.stdout.write(`${folded} threads folded anew from their events\n`)
for (const { id, why } of unreadable)
  process.stderr.write(`thread ${id} cannot be read, its row was left alone: ${why}\n`)
if (unreadable.length > 0) process.exitCode = 1
await close()
