import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const ROOMS = ['store', 'model', 'tools', 'channels', 'http', 'sandbox', 'telemetry']
const canaries: string[] = []

/** What the linter says of a file in `folder` that imports `specifier`. */
const lint = (folder: string, specifier: string): string => {
  const directory = join(ROOT, 'src', folder)
  const file = join(directory, `canary-${process.pid}-${canaries.length}.ts`)
  mkdirSync(directory, { recursive: true })
  canaries.push(file)
  writeFileSync(file, `import * as other from '${specifier}'\n\nexport const canary = other\n`)
  try {
    execFileSync(join(ROOT, 'node_modules/.bin/biome'), ['lint', '--only=style/noRestrictedImports', file], {
      stdio: 'pipe',
    })
    return 'allowed'
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr)
  } finally {
    rmSync(file)
  }
}

afterAll(() => {
  for (const file of canaries) rmSync(file, { force: true })
})

test.each([['node:crypto'], ['yaml'], ['../agent/ports.ts'], ['../store/log.ts']])(
  'thread/ may not import %s',
  (specifier) => expect(lint('thread', specifier)).toContain('thread/ is pure'),
)

test.each([['node:crypto'], ['yaml'], ['../../agent/ports.ts'], ['../../store/log.ts'], ['../../config.ts']])(
  'a folder in thread/ may not import %s',
  (specifier) => expect(lint('thread/facts', specifier)).toContain('thread/ is pure'),
)

test('a folder in thread/ may import the rest of thread/', () => {
  expect(lint('thread/facts', '../step.ts')).toBe('allowed')
  expect(lint('thread/facts', '../shapes/run.ts')).toBe('allowed')
})

test.each([...ROOMS.map((room) => `../${room}/x.ts`), '../main.ts', '../start.ts', '../config.ts'])(
  'agent/ may not import %s',
  (specifier) => expect(lint('agent', specifier)).toContain('through ports.ts'),
)

test.each(ROOMS.flatMap((room) => ROOMS.filter((other) => other !== room).map((other) => [room, other])))(
  '%s/ may not import %s/',
  (room, other) => expect(lint(room, `../${other}/x.ts`)).toContain('never another adapter'),
)

test.each(ROOMS)('%s/ may import thread/ and the ports, and of agent/ nothing else', (room) => {
  expect(lint(room, '../thread/event.ts')).toBe('allowed')
  expect(lint(room, '../agent/ports.ts')).toBe('allowed')
  expect(lint(room, '../agent/run.ts')).toContain('never another adapter')
  expect(lint(room, '../service.ts')).toContain('never another adapter')
})
