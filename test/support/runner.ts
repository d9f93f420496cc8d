import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parse } from 'yaml'

const ACTIONS = join(import.meta.dirname, '../../.github/actions')

interface Action {
  inputs: Record<string, { required?: boolean; default?: string }>
  outputs: Record<string, { value: string }>
  runs: { using: string; steps: { shell: string; run: string; env: Record<string, string> }[] }
}

export const readAction = async (name: string): Promise<Action> =>
  parse(await readFile(join(ACTIONS, name, 'action.yml'), 'utf8'))

/** What an action's step sees of its inputs, as GitHub's runner fills them in. */
const filledIn = ({ inputs, runs }: Action, given: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(runs.steps[0]?.env ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, input) => given[input] ?? inputs[input]?.default ?? ''),
    ]),
  )

/** One of our actions in a job, run for real by bash, quicker than there. `said` is its log as far as it goes. */
export const startAction = async (name: string, inputs: Record<string, string>, env: Record<string, string> = {}) => {
  const action = await readAction(name)
  const home = await mkdtemp(join(tmpdir(), 'deploybot-runner-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  const files = { GITHUB_OUTPUT: join(home, 'output'), GITHUB_STEP_SUMMARY: join(home, 'summary') }
  for (const file of Object.values(files)) await writeFile(file, '')
  const child = spawn(
    'bash',
    ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', action.runs.steps[0]?.run ?? ''],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        TMPDIR: home,
        GITHUB_ACTION_PATH: join(ACTIONS, name),
        GITHUB_RUN_ID: '123',
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_JOB: 'ask',
        ...files,
        DEPLOYBOT_PAUSE_SECONDS: '0',
        DEPLOYBOT_POLL_SECONDS: '0.2',
        ...filledIn(action, inputs),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  return { ...watched(child), files }
}

const watched = (child: ChildProcess) => {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk))
  const code = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { said: () => text, code, signal: (name: NodeJS.Signals) => child.kill(name) }
}

/** The same to its end: how it ended, its log, its outputs and the summary that it wrote. */
export const runAction = async (...job: Parameters<typeof startAction>) => {
  const action = await startAction(...job)
  const code = await action.code
  return { code, said: action.said(), ...(await leftBy(action)) }
}

export const leftBy = async ({ files }: Awaited<ReturnType<typeof startAction>>) => {
  const lines = (await readFile(files.GITHUB_OUTPUT, 'utf8')).split('\n').filter((line) => line !== '')
  const outputs = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  return { outputs, summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8') }
}
