import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { lacksRunnerPrograms } from '../support/programs.ts'

interface Step {
  name: string
  id?: string
  run?: string
  uses?: string
  with?: Record<string, string>
}
interface Job {
  needs?: string | string[]
  if?: string
  permissions: Record<string, string>
  steps: Step[]
}
interface Workflow {
  'run-name': string
  on: { workflow_dispatch: { inputs: Record<string, { required: boolean }> } }
  env: Record<string, string>
  permissions: object
  concurrency: { group: string; 'cancel-in-progress': boolean }
  jobs: Record<string, Job>
}

const ROOT = join(import.meta.dirname, '../..')
const read = (file: string): Workflow => parse(readFileSync(join(ROOT, '.github/examples', `${file}.yml`), 'utf8'))
const stepOf = (file: string, name: string): Step => {
  const steps = Object.values(read(file).jobs).flatMap((job) => job.steps)
  return steps.find((step) => step.name === name) ?? { name }
}

const inputs = { DISPATCH_ID: 'd', SERVICE: 'backend', ENVIRONMENT: 'staging', TAG: 'v1', SHA: 'a'.repeat(40) }
const DEPLOYS = ['deploy-backend', 'deploy-frontend']
const DISPATCHED = [...DEPLOYS, 'e2e']
const ALL = [...DISPATCHED, 'ask-deploybot']

test.each(DISPATCHED)('%s takes the inputs that are sent, and is called as they are looked for', (file) => {
  const workflow = read(file)
  expect(Object.keys(workflow.on.workflow_dispatch.inputs).sort()).toEqual(
    Object.keys(workflow.env)
      .map((key) => key.toLowerCase())
      .sort(),
  )
  expect(Object.keys(workflow.env)).toEqual(Object.keys(inputs))
  expect(workflow['run-name']).toMatch(/ \$\{\{ inputs\.dispatch_id \}\}$/)
})

test.each(ALL)('%s puts no input into a script', (file) => {
  for (const { run = '' } of Object.values(read(file).jobs).flatMap(({ steps }) => steps)) {
    expect(run).not.toContain('${{')
    execFileSync('bash', ['-n', '-c', run], { stdio: 'ignore' })
  }
})

test.each(ALL)('%s gives each job the rights that it needs, and no others', (file) => {
  const { permissions, jobs } = read(file)
  expect(permissions).toEqual({})
  for (const { permissions: rights, steps } of Object.values(jobs)) {
    const used = steps.map(({ uses = '', run = '' }) => `${uses}${run}`).join()
    expect(rights).toEqual({
      ...(used.includes('/.github/actions/') ? { 'id-token': 'write' } : {}),
      ...(used.includes('actions/checkout') ? { contents: 'read' } : {}),
      ...(used.includes('gh api') ? { deployments: 'write' } : {}),
    })
  }
})

test.each(DISPATCHED)('%s touches nothing before its run has claimed the dispatch', (file) => {
  const { claim, ...others } = read(file).jobs
  expect(claim?.steps.map(({ name }) => name).slice(0, 2)).toEqual(['Check the request', 'Claim the dispatch'])
  for (const { needs = [] } of Object.values(others)) expect([needs].flat()).toContain('claim')
})

test.each(ALL)('%s gives our actions inputs that they have', (file) => {
  const ours = Object.values(read(file).jobs)
    .flatMap(({ steps }) => steps)
    .filter(({ uses = '' }) => uses.includes('/.github/actions/'))
  expect(ours).not.toEqual([])
  for (const step of ours) {
    const [, name] = /^your-org\/deploybot\/\.github\/actions\/(\w+)@v1$/.exec(step.uses ?? '') ?? []
    const action = parse(readFileSync(join(ROOT, '.github/actions', name ?? '', 'action.yml'), 'utf8'))
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})))
    const required = Object.entries<{ required?: boolean }>(action.inputs).filter(([, input]) => input.required)
    expect(Object.keys(step.with ?? {})).toEqual(expect.arrayContaining(required.map(([input]) => input)))
  }
})

test.each(DEPLOYS)('%s runs once at a time in each place, and is never cut short', (file) =>
  expect(read(file).concurrency).toEqual({
    group: expect.stringMatching(/^deploy-\$\{\{ inputs\.service \}\}-\$\{\{ inputs\.environment \}\}$/),
    'cancel-in-progress': false,
  }),
)

const check = (file: string, env: Record<string, string>): string => {
  try {
    return execFileSync('bash', ['-e', '-c', stepOf(file, 'Check the request').run ?? 'exit 1'], {
      env: { ...inputs, GITHUB_RUN_ATTEMPT: '1', ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

test('the request is checked before anything else', () => {
  for (const file of ['deploy-backend', 'e2e']) {
    expect(check(file, {})).toBe('')
    expect(check(file, { SHA: 'v1.2.3' })).toContain('full commit SHA')
    expect(check(file, { SHA: `${'a'.repeat(40)}\n; rm` })).toContain('full commit SHA')
    expect(check(file, { GITHUB_RUN_ATTEMPT: '2' })).toContain('needs a new')
  }
  expect(check('deploy-backend', { SERVICE: 'frontend' })).toContain('backend and nothing else')
  expect(check('deploy-frontend', { SERVICE: 'backend' })).toContain('frontend and nothing else')
})

test.each(DISPATCHED)('the approved commit is what %s checks out', (file) => {
  expect(stepOf(file, 'Check out the approved commit').with).toMatchObject({
    ref: expect.stringMatching(/^\$\{\{ inputs\.sha \}\}$/),
    'persist-credentials': false,
  })
})

/** A step of deploy-backend with a `gh` that notes what it is called with. Deployments 3 to 7 are there, and 5 is this one. */
const play = (name: string, env: Record<string, string> = {}) => {
  const home = mkdtempSync(join(tmpdir(), 'deploybot-example-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  writeFileSync(
    join(home, 'gh'),
    `#!/usr/bin/env bash
    echo "$*" >>"$GH_CALLS"
    case "$*" in *--input*) cat >"$GH_BODY"; echo 5 ;; *'-X GET'*) printf '7\\n5\\n4\\n3\\n' ;; esac`,
  )
  chmodSync(join(home, 'gh'), 0o755)
  const files = { GH_CALLS: join(home, 'calls'), GH_BODY: join(home, 'body'), GITHUB_OUTPUT: join(home, 'output') }
  for (const file of Object.values(files)) writeFileSync(file, '')
  const more = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ATTEMPT: '1', ID: '5', RUN_URL: 'https://x.test/1' }
  execFileSync('bash', ['--norc', '-e', '-o', 'pipefail', '-c', stepOf('deploy-backend', name).run ?? 'exit 1'], {
    env: { ...inputs, ...more, ...files, PATH: `${home}:${process.env['PATH']}`, ...env },
  })
  const statuses = readFileSync(files.GH_CALLS, 'utf8').matchAll(/deployments\/(\d+)\/statuses .*state=(\w+)/g)
  return {
    statuses: [...statuses].map(([, id, state]) => `${id} ${state}`),
    body: readFileSync(files.GH_BODY, 'utf8'),
    output: readFileSync(files.GITHUB_OUTPUT, 'utf8'),
  }
}

describe.skipIf(lacksRunnerPrograms)("what GitHub's own pages tell", () => {
  test('is queued once the dispatch is claimed, with the words that deploybot reads', () => {
    const { statuses, body, output } = play('Record the deployment')
    expect(JSON.parse(body)).toMatchObject({
      ref: inputs.SHA,
      task: 'deploy:backend',
      environment: 'staging',
      payload: { tag: 'v1', dispatch_id: 'd' },
    })
    expect(output).toBe('id=5\n')
    expect(statuses).toEqual(['5 queued'])
  })
  test('is in progress when the deployment begins', () =>
    expect(play('Say that it begins').statuses).toEqual(['5 in_progress']))
  test('is nothing of a second attempt', () =>
    expect(() => play('Say that it begins', { GITHUB_RUN_ATTEMPT: '2' })).toThrow())
  test('is success, and what was live before no longer is', () =>
    expect(play('Report', { RESULT: 'success' }).statuses).toEqual(['5 success', '4 inactive', '3 inactive']))
  test.each(['failure', 'cancelled', 'skipped'])('is failure where the deployment ended with %s', (RESULT) =>
    expect(play('Report', { RESULT }).statuses).toEqual(['5 failure']),
  )
  test('is told also where the deployment never began', () =>
    expect(read('deploy-backend').jobs['report']?.if).toMatch(/^always\(\) && github\.run_attempt == 1/))
})
