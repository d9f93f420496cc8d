import { readConfig } from '../config.ts'
import { openDatabase } from '../store/store.ts'

// Opening brings the schema up to date, under an advisory lock: the same that every start does.
const { database } = readConfig()
const { close, description } = await openDatabase(database)
process.stdout.write(`the schema is up to date (${description})\n`)
await close()
