import type { job } from './shapes.ts'
import type { RunRecord } from './state.ts'

const CYAN = '\u001b[36;1m'
const OFF = '\u001b[0m'

/** What a runner writes while it does a job: a time before every line, groups, colours, and cleaning up behind the error. */
export const jobLog = (run: RunRecord, told: ReturnType<typeof job>): string => {
  const done = told.steps.filter(({ conclusion }) => conclusion !== 'skipped')
  const body = done.flatMap(({ name, conclusion }) => [
    `##[group]Run ${name}`,
    `${CYAN}./scripts/${name.toLowerCase().replace(/\W+/g, '-')}.sh${OFF}`,
    'shell: /usr/bin/bash -e {0}',
    '##[endgroup]',
    ...(conclusion === 'failure' ? broken(run, name) : [`${name}: ok`]),
  ])
  const lines = [...opening, ...body, ...closing]
  return lines.map((line, index) => `${stamp(run.starts_at + index)} ${line}\n`).join('')
}

const opening = [
  "Current runner version: '2.330.0'",
  '##[group]Runner Image',
  'Image: ubuntu-24.04',
  '##[endgroup]',
  'Prepare all required actions',
]
const closing = [
  'Post job cleanup.',
  '[command]/usr/bin/git version',
  'git version 2.52.0',
  'Cleaning up orphan processes',
]

const broken = ({ log, inputs }: RunRecord, step: string): string[] => {
  const { service, environment } = inputs
  const printed = log ?? `${step} of ${service} on ${environment}\nhealth check: HTTP 503 after 30 tries`
  return [...printed.split('\n'), '##[error]Process completed with exit code 1.']
}

/** To a ten-millionth of a second, as runners do. */
const stamp = (at: number): string => new Date(at).toISOString().replace('Z', '0000Z')
