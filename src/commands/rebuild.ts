import { readConfig } from '../config.ts'
import { createPool } from '../store/pool.ts'
import { rebuild } from '../store/rebuild.ts'
import { openDatabase } from '../store/store.ts'
import { rowOf } from '../thread/index-row.ts'

const { connection, close } = await openDatabase(readConfig().database)
// Each statement here may take as long as it takes.
const pool = createPool({ ...connection, query_timeout: 0 })
const count = await rebuild(pool, rowOf)
process.stdout.write(`${count} threads folded anew from their events\n`)
await pool.end()
await close()
