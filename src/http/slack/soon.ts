import type { SlackLine, SlackReader } from '../../agent/ports.ts'
import { Problem } from '../errors.ts'
import type { Hearing } from './heard.ts'
import { linesFor } from './refusals.ts'

// Slack gives up after three seconds, and the answer has a way to go.
const SOON_MS = 2_500

const LATE = Symbol('late')

const soon = async <T>(work: Promise<T>): Promise<T | typeof LATE> => {
  const late = Promise.withResolvers<typeof LATE>()
  const timer = setTimeout(() => late.resolve(LATE), SOON_MS)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * For what Slack sends again when we do not say 2xx: taken in time, or not taken as far as Slack knows. If it is committed after
 * all, the next delivery is its duplicate. So a 2xx always stands for something that is in the log.
 */
export const takenSoon = async <T>(work: Promise<T>): Promise<T> => {
  const done = await soon(work)
  if (done === LATE) throw notYet()
  return done
}

const notYet = (): Problem =>
  new Problem(503, 'not_taken_yet', 'this could not be taken in time; send it again', {
    headers: { 'retry-after': '2' },
  })

/** The same for a dialog, which stays open: the words in it are not lost, and are taken once however often they are sent. */
export const saidSoon = async (work: Promise<void>): Promise<string | null> => {
  const done = await soon(
    work.then(
      () => null,
      (error: unknown) =>
        linesFor(error)
          .map(({ words }) => words)
          .join(' ') || null,
    ),
  )
  return done === LATE ? 'This is not recorded yet. Press the button again in a moment: it counts once.' : done
}

/**
 * For what Slack never sends again (a click, a command): the 200 only says that we heard it, and whoever did it is told the truth: at once that it is
 * not recorded yet, and then what became of it. Any other status would show them no more than a warning sign.
 */
export const tellSoon = async (
  work: Promise<SlackLine[]>,
  reader: SlackReader,
  hearing: Hearing,
  page?: string,
): Promise<void> => {
  const { desk } = hearing.slack
  const told = work.catch((error: unknown) => {
    const lines = linesFor(error)
    if (lines.length === 0) return lines
    hearing.logger.info({ reason: String(error) }, 'slack: not taken')
    return page === undefined ? lines : [...lines, { words: 'The whole story', url: page }]
  })
  const lines = await soon(told)
  if (lines !== LATE) {
    if (lines.length > 0) whisper(desk, reader, lines)
    return
  }
  whisper(desk, reader, [{ words: 'Heard, and not recorded yet: I am still trying, and will tell you here.' }])
  told.then((all) => desk.whisper(reader, all.length > 0 ? all : [{ words: 'It is recorded now.' }])).catch(() => {})
}

/** Slack's answer to it is nothing that anybody waits for. */
export const whisper = (desk: Hearing['slack']['desk'], reader: SlackReader, lines: SlackLine[]): void =>
  void desk.whisper(reader, lines).catch(() => {})
