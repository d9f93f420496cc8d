import { randomInt } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { isClean, runCampaign } from './campaign.ts'
import { tableOf } from './support/table.ts'

const number = (name: string, text: string): number => {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`--${name} must be a number above 0`)
}

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
})
const seed = values.seed === undefined ? randomInt(1, 1_000_000) : number('seed', values.seed)
const scale = number('scale', values.scale)
const say = (text: string): void => void process.stdout.write(`${text}\n`)

// So that what was started ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))
say(`seed ${seed}, scale ${scale} (again with: npm run test:faults -- --seed ${seed} --scale ${scale} --only NAME)`)
const report = ({ fault, seconds }: { fault: string; seconds: number }): void =>
  say(`  ${seconds.toFixed(1)} s ${fault}`)
const rows = await runCampaign({ seed, scale, only: values.only, report })
say(`\n${tableOf(rows)}`)
if (values.json) await writeFile(values.json, `${JSON.stringify({ seed, scale, rows }, null, 2)}\n`)
process.exitCode = rows.every(isClean) ? 0 : 1
