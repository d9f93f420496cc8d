import { ToolError } from '../agent/ports.ts'
import { orNull } from './errors.ts'
import type { Repo } from './github.ts'
import { nearest } from './nearest.ts'
import { allTags } from './tags.ts'

/** The commit that a tag name, or else a SHA of 7 to 40 digits, stands for. All that could tell is asked at once. */
export const resolve = async (repo: Repo, tag: string): Promise<string> => {
  const [ref, byTag, bySha] = await Promise.all([
    tagRef(repo, tag),
    commitOf(repo, `tags/${tag}`),
    isSha(tag) ? commitOf(repo, tag) : null,
  ])
  // `tags/x` may also be a branch of that name: only where the tag itself exists does git prefer it.
  if (ref && byTag) return byTag
  if (bySha?.startsWith(tag.toLowerCase())) return bySha
  const names = (await allTags(repo)).map(({ name }) => name)
  throw new ToolError('unknown_tag', `there is no tag or commit ${tag.slice(0, 200)}`, { nearest: nearest(tag, names) })
}

/** The newest commit of a branch; null: there is no such branch. */
export const branchHead = (repo: Repo, branch: string): Promise<string | null> => commitOf(repo, `heads/${branch}`)

const isSha = (text: string): boolean => /^[0-9a-f]{7,40}$/i.test(text)

const tagRef = async ({ octokit, owner, repo }: Repo, tag: string): Promise<boolean> =>
  (await orNull(octokit.rest.git.getRef({ owner, repo, ref: `tags/${tag}` }))) !== null

/** Asked for as a bare SHA: the whole answer would hold every change of the commit. */
const commitOf = async ({ octokit, owner, repo }: Repo, ref: string): Promise<string | null> => {
  const asked = { owner, repo, ref, mediaType: { format: 'sha' } }
  const found = await orNull(octokit.rest.repos.getCommit(asked))
  if (!found) return null
  const data: unknown = found.data
  return data instanceof ArrayBuffer ? new TextDecoder().decode(data) : String(data)
}
