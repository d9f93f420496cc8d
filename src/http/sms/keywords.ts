export type Keyword = 'stop' | 'start' | 'help'

// What carriers and Twilio itself take them for, whatever we make of them: after any of the first, Twilio sends nothing more either.
const STOP = ['stop', 'stopall', 'stop all', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout']
const START = ['start', 'unstop']
const HELP = ['help', 'info']

/** The whole message is one word of them. `yes` says START only to whoever has said STOP: to others it is an answer. */
export const keywordIn = (text: string, muted: boolean): Keyword | null => {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, '')
  if (STOP.includes(word)) return 'stop'
  if (START.includes(word) || (muted && word === 'yes')) return 'start'
  return HELP.includes(word) ? 'help' : null
}
