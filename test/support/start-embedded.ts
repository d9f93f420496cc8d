import { Client } from 'pg'
import { startEmbedded } from '../../src/store/embedded.ts'

// A process that starts the embedded Postgres, keeps a row there, says so, and waits to be killed.
const { connection } = await startEmbedded({ dataDir: process.argv[2] ?? '' })
const client = new Client(connection)
await client.connect()
await client.query("create table kept as select 'before the kill' as word")
process.send?.('ready')
setInterval(() => {}, 1_000)
