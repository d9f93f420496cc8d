import type { Actor, Event, Json } from './event.ts'
import { shown } from './shown.ts'
import { firstLine } from './text.ts'
import { viewOf } from './view.ts'
import { toYaml } from './yaml.ts'

/** A thread as markdown, for people: who said or did what, when, in order. */
export const transcript = (events: readonly Event[]): string => {
  const { title, id, status, waiting_for } = viewOf(events)
  const heading = `# ${plain(firstLine(title))}\n\nThread \`${id}\` · **${status}**${waiting_for ? ` · waits for ${waiting_for.kind}` : ''}\n`
  return [heading, ...events.map(entry)].join('\n')
}

const entry = (event: Event): string => {
  const head = `## ${event.seq} · ${event.type}\n\n${plain(who(event.actor))} · ${event.at}\n`
  const body = shown(event)
  return body === null ? head : `${head}\n${block(body)}\n`
}

const who = (actor: Actor): string => {
  switch (actor.kind) {
    case 'person':
    case 'caller':
      return actor.via ? `${actor.id} via ${actor.via}` : actor.id
    case 'model':
      return `model ${actor.model}`
    case 'code':
    case 'github':
      return actor.kind
  }
}

/** Indented, not fenced: no content can end an indented block. */
const block = (data: Json): string => toYaml(data, '    ')

const plain = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, '\\$&')
