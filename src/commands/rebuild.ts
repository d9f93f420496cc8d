import { readConfig } from '../config.ts'
import { rebuild } from '../store/rebuild.ts'
import { openDatabase } from '../store/store.ts'
import { rowOf } from '../thread/index-row.ts'

const { pool, close } = await openDatabase(readConfig().database)
const count = await rebuild(pool, rowOf)
process.stdout.write(`${count} threads folded anew from their events\n`)
await close()
