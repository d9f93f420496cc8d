import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { onTestFinished } from 'vitest'

export interface Got {
  mail: ParsedMail
  raw: string
  envelope: { from: string; to: string[] }
}

/** An SMTP server on loopback that keeps what comes; it ends with the test. */
export const startMailbox = async (
  options: SMTPServerOptions = {},
  atEnd: (clean: () => Promise<void>) => void = onTestFinished,
) => {
  const got: Got[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const bytes: Buffer[] = []
      stream.on('data', (part: Buffer) => void bytes.push(part))
      stream.on('end', async () => {
        const raw = Buffer.concat(bytes).toString()
        const { mailFrom, rcptTo } = session.envelope
        const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) }
        got.push({ mail: await simpleParser(raw), raw, envelope })
        done()
      })
    },
    ...options,
  })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  atEnd(() => new Promise<void>((done) => server.close(() => done())))
  const { port } = listening.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, got }
}
