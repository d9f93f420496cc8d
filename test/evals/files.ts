import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Result } from './grade.ts'
import type { Report } from './report.ts'

/** What is kept of a model's evals: its last whole report, and what an unfinished run has so far, a line a case. */
export const createFiles = async (dataDir: string, provider: string, model: string) => {
  const directory = join(dataDir, 'evals')
  await mkdir(directory, { recursive: true })
  const name = `${provider}-${model}`.replaceAll(/[^\w.-]+/g, '_')
  const last = join(directory, `${name}.json`)
  const unfinished = join(directory, `${name}.unfinished.jsonl`)
  return {
    last: async (): Promise<Report | null> => JSON.parse((await textOf(last)) || 'null'),
    /** What need not be asked again, by the hash of its prompt. What gave no step is asked again. */
    before: async (): Promise<Map<string, Result>> => {
      const lines = (await textOf(unfinished)).split('\n').filter((line) => line !== '')
      const results = lines.flatMap((line) => parsed(line)).filter(({ step }) => step !== null)
      return new Map(results.map((result) => [result.prompt_hash, result]))
    },
    keep: (result: Result): Promise<void> => appendFile(unfinished, `${JSON.stringify(result)}\n`),
    forget: (): Promise<void> => rm(unfinished, { force: true }),
    finish: async (report: Report): Promise<void> => {
      await writeFile(last, `${JSON.stringify(report, null, 2)}\n`)
      await rm(unfinished, { force: true })
    },
    path: last,
  }
}

const textOf = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return ''
  }
}

/** A run that was killed may have written half a line. */
const parsed = (line: string): Result[] => {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}
