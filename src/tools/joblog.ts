import { clean } from '../thread/text.ts'
import { here, type Repo } from './github.ts'
import { tailOf } from './tail.ts'

const LINES = 20
const LINE = 200
const ALL = 2_000

/** The last lines that a job wrote before it failed; null where they cannot be had: the failure is told without them. */
export const lastLines = async ({ octokit, owner, repo }: Repo, job_id: number): Promise<string | null> => {
  try {
    const asked = { owner, repo, job_id, request: here }
    const { headers } = await octokit.rest.actions.downloadJobLogsForWorkflowRun(asked)
    // The text lies in a store of files, at an address that is signed for a minute: our token is none of its business.
    const text = headers.location ? await tailOf(headers.location) : null
    return text && (excerpt(text) || null)
  } catch {
    return null
  }
}

/** Up to the error with which the job ended: behind it stands only cleaning up. */
export const excerpt = (text: string): string => {
  const lines = text.split('\n').map(tidy).filter(isTelling)
  const error = lines.findLastIndex((line) => line.startsWith(`${ERROR}Process completed with exit code`))
  const last = error >= 0 ? error : lines.findLastIndex((line) => line.startsWith(ERROR))
  return fitting(lines.slice(0, last >= 0 ? last + 1 : lines.length).slice(-LINES))
}

const ERROR = 'error: '
const STAMP = /^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z ?/
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are told by the escape character.
const COLOUR = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g

const tidy = (line: string): string => {
  const plain = clean(
    line
      .slice(0, LINE * 8)
      .replace(STAMP, '')
      .replace(COLOUR, '')
      .replaceAll('\t', ' '),
    LINE,
  )
  return plain
    .replaceAll('\n', ' ')
    .replace(/^##\[error\]/, ERROR)
    .trimEnd()
}

const isTelling = (line: string): boolean => line !== '' && !/^##\[(?:end)?group\]/.test(line)

/** As many of the last lines as fit, whole. */
const fitting = (lines: string[]): string => {
  let from = lines.length
  let size = 0
  while (from > 0 && size + (lines[from - 1] ?? '').length + 1 <= ALL) {
    from -= 1
    size += (lines[from] ?? '').length + 1
  }
  return lines.slice(from).join('\n')
}
