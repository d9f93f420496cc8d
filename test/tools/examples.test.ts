import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

interface Workflow {
  'run-name': string
  on: { workflow_dispatch: { inputs: Record<string, { required: boolean }> } }
  env: Record<string, string>
  jobs: { deploy: { steps: { name: string; run?: string; with?: Record<string, string> }[] } }
}

const read = (service: string): Workflow =>
  parse(readFileSync(new URL(`../../.github/examples/deploy-${service}.yml`, import.meta.url), 'utf8'))

const inputs = { DISPATCH_ID: 'd', SERVICE: 'backend', ENVIRONMENT: 'staging', TAG: 'v1', SHA: 'a'.repeat(40) }

test.each(['backend', 'frontend'])(
  'deploy-%s.yml takes the inputs that are sent, and is called as they are looked for',
  (service) => {
    const workflow = read(service)
    expect(Object.keys(workflow.on.workflow_dispatch.inputs).sort()).toEqual(
      Object.keys(workflow.env)
        .map((key) => key.toLowerCase())
        .sort(),
    )
    expect(Object.keys(workflow.env)).toEqual(Object.keys(inputs))
    expect(workflow['run-name']).toMatch(/ \$\{\{ inputs\.dispatch_id \}\}$/)
  },
)

test.each(['backend', 'frontend'])('deploy-%s.yml puts no input into a script', (service) => {
  for (const { run = '' } of read(service).jobs.deploy.steps) {
    expect(run).not.toContain('${{')
    execFileSync('bash', ['-n', '-c', run], { stdio: 'ignore' })
  }
})

const check = (env: Record<string, string>): string => {
  const script = read('backend').jobs.deploy.steps[0]?.run ?? ''
  try {
    return execFileSync('bash', ['-e', '-c', script], {
      env: { ...inputs, GITHUB_RUN_ATTEMPT: '1', ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

test('the request is checked before anything else', () => {
  expect(check({})).toBe('')
  expect(check({ SHA: 'v1.2.3' })).toContain('full commit SHA')
  expect(check({ SHA: `${'a'.repeat(40)}\n; rm` })).toContain('full commit SHA')
  expect(check({ SERVICE: 'frontend' })).toContain('backend and nothing else')
  expect(check({ GITHUB_RUN_ATTEMPT: '2' })).toContain('new approval')
})

test('the approved commit is what is checked out', () => {
  const step = read('backend').jobs.deploy.steps.find(({ name }) => name === 'Check out the approved commit')
  expect(step?.with).toMatchObject({
    ref: expect.stringMatching(/^\$\{\{ inputs\.sha \}\}$/),
    'persist-credentials': false,
  })
})
