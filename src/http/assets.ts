import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'

const TYPES: Record<string, string> = { '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8' }

export interface Asset {
  path: string
  body: string
  type: string
}

const loaded = new Map<string, Asset>()

/** A file that browsers may keep for ever: whatever changes in it, or in what it imports, changes its address. */
const load = (name: string): Asset => {
  const known = loaded.get(name)
  if (known) return known
  const text = readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8')
  const body = text.replaceAll(/^(import .*)'\.\/([\w-]+\.js)'$/gm, (_, head, other) => `${head}'${load(other).path}'`)
  const extension = extname(name)
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  const path = `/assets/${name.slice(0, -extension.length)}.${hash}${extension}`
  const asset = { path, body, type: TYPES[extension] ?? 'application/octet-stream' }
  loaded.set(name, asset)
  return asset
}

export const STYLES = ['style.css', 'thread.css'].map(load)
export const SCRIPT = load('app.js')
export const ASSETS = [...loaded.values()]
/** What the script imports: named in the page, so that nothing is asked for one after the other. */
export const MODULES = ASSETS.filter((asset) => asset.path.endsWith('.js') && asset !== SCRIPT)
