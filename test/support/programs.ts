import { spawnSync } from 'node:child_process'

const there = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0

/** What GitHub's runners have and a machine that runs our tests may lack: there the scripts for jobs are not played. */
export const lacksRunnerPrograms = !['bash', 'curl', 'jq'].every(there)
