import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'

const TYPES: Record<string, string> = { '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8' }

/** A file that browsers may keep for ever: whatever changes in it changes its address. */
const load = (name: string) => {
  const body = readFileSync(new URL(`./assets/${name}`, import.meta.url))
  const extension = extname(name)
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  const path = `/assets/${name.slice(0, -extension.length)}.${hash}${extension}`
  return { path, body, type: TYPES[extension] ?? 'application/octet-stream' }
}

export const STYLE = load('style.css')
export const SCRIPT = load('app.js')
export const ASSETS = [STYLE, SCRIPT]
