import type { Channel, SlackDesk, SlackLine, SlackReader } from '../../agent/ports.ts'
import type { SlackAddress } from '../../thread/contact/address.ts'
import { createClients, type SlackOptions } from './clients.ts'
import { dialogFor } from './dialog.ts'
import { fitted, linesWithin, link } from './mrkdwn.ts'

const DEADLINE_MS = 5_000

/** Answers people in Slack: a dialog for their words, a line that they alone see. */
export const createSlackDesk = (options: SlackOptions, channel: Channel<{ slack: SlackAddress }>): SlackDesk => {
  const clientOf = createClients(options)
  return {
    find: options.find,

    openDialog: async (team, trigger_id, words, target) => {
      const client = await clientOf(team)
      await client.views.open({ trigger_id, view: dialogFor(words, target) })
    },

    whisper: async (reader, lines) => {
      const text = textOf(lines)
      try {
        if ('response_url' in reader) await answer(reader.response_url, text, options.apiUrl)
        else await (await clientOf(reader.team)).chat.postEphemeral(ephemeral(reader, text))
      } catch {
        // They see nothing of it, and the log has the truth.
      }
    },

    redraw: (notice) => channel.deliver(notice),
  }
}

const textOf = (lines: SlackLine[]): string =>
  linesWithin(lines.map(({ words, url }) => (url === undefined ? fitted(words, 600) : link(fitted(words, 300), url))))

type InChannel = Exclude<SlackReader, { response_url: string }>

const ephemeral = ({ channel, user, thread_ts }: InChannel, text: string) => ({
  channel,
  user,
  text,
  ...(thread_ts === undefined ? {} : { thread_ts }),
})

/** Slack signed the address, and still it is only called where Slack is. */
const answer = async (url: string, text: string, apiUrl?: string): Promise<void> => {
  const { host, protocol } = new URL(url)
  const isSlack = protocol === 'https:' && host.endsWith('.slack.com')
  if (!isSlack && (apiUrl === undefined || new URL(apiUrl).host !== host)) return
  const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, text })
  const headers = { 'content-type': 'application/json' }
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const answered = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' })
  await answered.body?.cancel()
}
