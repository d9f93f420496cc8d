import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'

const yaml = (search: string): string => `repository: acme/shop
services:
  backend: { workflow: deploy.yml }
  search:
    workflow: deploy-search.yml
    ${search}
environments:
  staging: { approvals: 0 }
people:
  lead: {}
`
const policyIn = (text: string) => {
  const directory = mkdtempSync(join(tmpdir(), 'deploybot-config-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'deploybot.yaml'), text)
  return readConfig({}, directory).policy
}
const problemsIn = (text: string): string[] => {
  try {
    policyIn(text)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map((problem) => problem.replace(/^.*\/(?=deploybot\.yaml)/, ''))
  }
}

describe('a service', () => {
  test('may be deployed from a repository of its own', () =>
    expect(policyIn(yaml('repository: acme/search')).services).toEqual({
      backend: { workflow: 'deploy.yml', ref: 'main' },
      search: { workflow: 'deploy-search.yml', ref: 'main', repository: 'acme/search' },
    }))
  test.each([
    ['that is none', 'repository: search', 'deploybot.yaml:6: services.search.repository: "search" must be owner/name'],
    [
      'that is written otherwise elsewhere',
      'repository: Acme/Shop',
      'deploybot.yaml:6: services.search.repository: "Acme/Shop" is called "acme/shop" above',
    ],
    [
      'by another key',
      'repositry: acme/search',
      'deploybot.yaml:6: services.search.repositry: unknown key (did you mean repository?); allowed: repository, workflow, ref',
    ],
  ])('from a repository %s is refused, and the line is told', (_, line, problem) =>
    expect(problemsIn(yaml(line))).toEqual([problem]),
  )
})

describe('the version of the rules', () => {
  const version = (line: string): string => policyIn(yaml(line)).version
  test('stays what it was before there were several repositories', () => {
    // Computed by the code of before: an approval that was given under it stays good after an upgrade.
    expect(version('ref: main')).toBe('11ced5ac6dbd')
    expect(version('repository: acme/shop')).toBe('11ced5ac6dbd')
  })
  test('is another one where a service is deployed from elsewhere', () =>
    expect(version('repository: acme/search')).not.toBe(version('ref: main')))
})
