import { createHash } from 'node:crypto'
import type { components } from '@octokit/openapi-types'
import type { ChangedFile } from '../state.ts'
import type { World } from '../world.ts'
import { apiUrl, htmlUrl } from './repository.ts'

/** A file that changed, as pull requests, commits and comparisons show it; of its text nothing is known. */
export const diffEntry = (world: World, sha: string, { filename, status, additions, deletions }: ChangedFile) =>
  ({
    sha: createHash('sha1').update(`${sha} ${filename}`).digest('hex'),
    filename,
    status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${htmlUrl(world)}/blob/${sha}/${filename}`,
    raw_url: `${htmlUrl(world)}/raw/${sha}/${filename}`,
    contents_url: `${apiUrl(world)}/contents/${filename}?ref=${sha}`,
  }) satisfies components['schemas']['diff-entry']
