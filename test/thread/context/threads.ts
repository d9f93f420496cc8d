import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from '../../../src/thread/event.ts'
import { upcast } from '../../../src/thread/upcast.ts'
import type { Recorded } from '../../corpus/fold.ts'

const CORPUS = join(import.meta.dirname, '../../corpus')

/** Every recorded thread, by its name. */
export const threads: { name: string; events: Event[] }[] = readdirSync(CORPUS)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const { events } = JSON.parse(readFileSync(join(CORPUS, file), 'utf8')) as Recorded
    return { name: file.replace(/\..*$/, ''), events: events.map((event) => upcast(event)) }
  })
