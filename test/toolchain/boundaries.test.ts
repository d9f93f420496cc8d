import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const ROOMS = ['store', 'model', 'tools', 'channels', 'http', 'sandbox', 'telemetry']

const PURE = 'thread/ is pure'
const BY_PORTS = 'through ports.ts'
const NO_OTHER = 'never another adapter'
const ALLOWED = 'allowed'

/** A folder, what a file in it imports, and what the linter says of that. */
const RULES: [folder: string, specifier: string, says: string][] = [
  ...['node:crypto', 'yaml', '../agent/ports.ts', '../store/log.ts'].map(rule('thread', PURE)),
  ...['node:crypto', 'yaml', '../../agent/ports.ts', '../../store/log.ts', '../../config.ts'].map(
    rule('thread/facts', PURE),
  ),
  ...['../step.ts', '../shapes/run.ts'].map(rule('thread/facts', ALLOWED)),
  ...[...ROOMS.map((room) => `../${room}/x.ts`), '../main.ts', '../start.ts', '../config.ts'].map(
    rule('agent', BY_PORTS),
  ),
  ...ROOMS.flatMap((room) => [
    ...ROOMS.filter((other) => other !== room)
      .map((other) => `../${other}/x.ts`)
      .map(rule(room, NO_OTHER)),
    ...['../thread/event.ts', '../agent/ports.ts'].map(rule(room, ALLOWED)),
    ...['../agent/run.ts', '../service.ts'].map(rule(room, NO_OTHER)),
  ]),
]

function rule(folder: string, says: string): (specifier: string) => [string, string, string] {
  return (specifier) => [folder, specifier, says]
}

/** What the linter says of a file for each rule, asked once for all: a run of it costs a tenth of a second. */
const lint = (): string[] => {
  const files = RULES.map(([folder], index) => join(ROOT, 'src', folder, `canary-${process.pid}-${index}.ts`))
  try {
    for (const [index, file] of files.entries())
      writeFileSync(file, `import * as other from '${RULES[index]?.[1]}'\n\nexport const canary = other\n`)
    const said = complaints(files)
    return files.map((file) => said.get(basename(file)) ?? ALLOWED)
  } finally {
    for (const file of files) rmSync(file, { force: true })
  }
}

const complaints = (files: string[]): Map<string, string> => {
  const asked = ['lint', '--only=style/noRestrictedImports', '--max-diagnostics=none', '--colors=off', ...files]
  try {
    execFileSync(join(ROOT, 'node_modules/.bin/biome'), asked, { stdio: 'pipe' })
    return new Map()
  } catch (error) {
    // One part for each file that is refused, which begins with its path.
    const parts = String((error as { stderr: Buffer }).stderr).split(/^(?=src\/\S+\.ts:)/m)
    return new Map(parts.map((part) => [basename(part.slice(0, part.indexOf(':'))), part]))
  }
}

const said = lint()

test.each(RULES.map((rule, index) => [...rule, index] as const))(
  'of a file in %s/ that imports %s the linter says: %s',
  (_folder, _specifier, says, index) => {
    if (says === ALLOWED) expect(said[index]).toBe(ALLOWED)
    else expect(said[index]).toContain(says)
  },
)
