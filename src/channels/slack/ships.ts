import type { KnownBlock } from '@slack/web-api'
import type { Facts } from '../../thread/event.ts'
import { firstLine } from '../../thread/text.ts'
import { code, link, section } from './mrkdwn.ts'

const COMMITS = 10
const PULLS = 10
const PATHS = 6

type Ships = Pick<Facts, 'commits' | 'commits_total' | 'compare_url' | 'pull_requests' | 'files'>

/** The commits, pull requests and files that would ship. */
export const shipsSections = (ships: Ships): KnownBlock[] =>
  [commitLines(ships), pullLines(ships), fileLines(ships)]
    .filter((lines) => lines.length > 0)
    .map((lines) => section(...lines))

const commitLines = ({ commits, commits_total, compare_url }: Ships): string[] => {
  const shown = commits.slice(0, COMMITS).map(({ sha, message, author, author_login }) => {
    const who = code(author_login ?? author, 40)
    return `• ${code(sha.slice(0, 7))} ${code(firstLine(message), 100)} by ${who}`
  })
  if (shown.length === 0) return []
  const left = commits_total - shown.length
  return ['*Commits*', ...shown, ...(left > 0 ? [link(`… and ${left} more`, compare_url)] : [])]
}

const pullLines = ({ pull_requests = [] }: Ships): string[] => {
  const shown = pull_requests.slice(0, PULLS).map(({ number, title, author, url }) => {
    return `• ${link(`#${number}`, url)} ${code(title, 100)} by ${code(author, 40)}`
  })
  if (shown.length === 0) return []
  const left = pull_requests.length - shown.length
  return ['*Pull requests*', ...shown, ...(left > 0 ? [`… and ${left} more`] : [])]
}

const fileLines = ({ files }: Ships): string[] => {
  if (!files || files.total === 0) return []
  const shown = files.paths.slice(0, PATHS).map((path) => code(path, 80))
  const left = files.total - shown.length
  const count = files.total === 1 ? '1 file' : `${files.total} files`
  return [`*${count} changed:* ${[...shown, ...(left > 0 ? [`and ${left} more`] : [])].join(', ')}`]
}
