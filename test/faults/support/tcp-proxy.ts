import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

type Mode = 'pass' | 'pause' | 'refuse'

interface Pair {
  client: Socket
  server: Socket
  /** Nothing gets through any more, and nobody is told: a cable that was pulled. */
  dead: boolean
}

/** Stands on a loopback port between the service and the unix socket of Postgres, and hurts what goes through. */
export const startTcpProxy = async (socketPath: string) => {
  const pairs = new Set<Pair>()
  let mode: Mode = 'pass'
  let cutting: () => boolean = () => false
  let cuts = 0

  const join = (client: Socket): void => {
    if (mode === 'refuse') return void client.destroy()
    const pair: Pair = { client, server: connect(socketPath), dead: false }
    const { server } = pair
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', end).on('close', end)
    client.on('data', (chunk) => pair.dead || server.write(chunk))
    server.on('data', (chunk) => {
      if (pair.dead) return
      if (!isCommittedWrite(chunk) || !cutting()) return void client.write(chunk)
      cuts += 1
      end()
    })
    if (mode === 'pause') pauseBoth(pair)
  }

  const listener = createServer(join).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  const dropAll = (): void => {
    for (const { client } of pairs) client.destroy()
  }
  return {
    port,
    connections: () => pairs.size,
    /** Bytes wait, in both directions, of old and new connections. */
    pause() {
      mode = 'pause'
      for (const pair of pairs) pauseBoth(pair)
    },
    refuse() {
      mode = 'refuse'
      dropAll()
    },
    pass() {
      mode = 'pass'
      for (const { client, server } of pairs) {
        client.resume()
        server.resume()
      }
    },
    dropAll,
    /** What is connected now stays so and is answered nothing; new connections work. */
    halfOpen() {
      for (const pair of pairs) pair.dead = true
    },
    /** Cuts the connection in place of the answer to a write that Postgres has committed, whenever `cut` says so. */
    cutWrites(cut: () => boolean) {
      cutting = cut
    },
    cuts: () => cuts,
    async close() {
      listener.close()
      dropAll()
      await once(listener, 'close')
    },
  }
}

const pauseBoth = ({ client, server }: Pair): void => {
  client.pause()
  server.pause()
}

const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])
// An append is a select around its inserts; this column of its answer no other statement has.
const TAGS = ['INSERT 0 ', 'UPDATE ', 'COMMIT\0', 'gaps\0'].map((tag) => Buffer.from(tag))

/** An answer that says "written" and ends in "ready, outside of any transaction". */
const isCommittedWrite = (chunk: Buffer): boolean =>
  chunk.subarray(-READY.length).equals(READY) && TAGS.some((tag) => chunk.includes(tag))
