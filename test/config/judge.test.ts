import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readPolicy } from '../../src/config/deploybot-yaml.ts'

const shipped = readFileSync(join(import.meta.dirname, '../../deploybot.yaml'), 'utf8')
const policyWith = (line: string) => {
  const directory = mkdtempSync(join(tmpdir(), 'deploybot-judge-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'deploybot.yaml'), `${shipped}\n${line}\n`)
  return readPolicy(join(directory, 'deploybot.yaml'))
}

test('a judge is there where it is asked for, and no approval is void because of it', () => {
  expect(policyWith('')).not.toHaveProperty('judge')
  expect(policyWith('judge: true').judge).toBe(true)
  expect(policyWith('judge: true').version).toBe(policyWith('').version)
})

test('and is true or false', () => expect(() => policyWith('judge: often')).toThrow(/judge/))
