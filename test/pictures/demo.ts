import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Line, terminalPicture } from './terminal.ts'

// Plays `npm run demo` and keeps what a person saw, and when, as the picture at the top of the README.
const ROOT = join(import.meta.dirname, '../..')
const PICTURE = join(ROOT, '.github/pictures/demo.svg')

const began = performance.now()
const demo = spawn(process.execPath, ['src/commands/demo.ts'], {
  cwd: ROOT,
  // A port where nothing listens: the demo then starts a service of its own.
  env: { PATH: process.env['PATH'] ?? '', FORCE_COLOR: '1', PORT: '8799' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const ended = once(demo, 'exit')
const lines: Line[] = []
for await (const text of createInterface({ input: demo.stdout })) {
  lines.push({ text, at: (performance.now() - began) / 1000 })
}
const [code] = await ended
if (code !== 0) throw new Error(`the demo ended with ${code}`)
await writeFile(PICTURE, terminalPicture('npm run demo', lines))
process.stdout.write(`${PICTURE}: ${lines.length} lines\n`)
