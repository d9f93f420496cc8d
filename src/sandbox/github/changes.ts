import type { ChangedFile } from './state.ts'

/** One file by name alone is a small change to it. */
export const changed = (file: string | Partial<ChangedFile>): ChangedFile => {
  const given = typeof file === 'string' ? { filename: file } : file
  return { filename: 'README.md', status: 'modified', additions: 4, deletions: 1, ...given }
}

/** What several commits changed together, a file once. */
export const together = (lists: (ChangedFile[] | undefined)[]): ChangedFile[] => {
  const byName = new Map<string, ChangedFile>()
  for (const file of lists.flatMap((list) => list ?? [])) {
    const before = byName.get(file.filename)
    byName.set(file.filename, before ? added(before, file) : file)
  }
  return [...byName.values()]
}

const added = (before: ChangedFile, file: ChangedFile): ChangedFile => ({
  ...before,
  status: file.status === 'removed' ? 'removed' : before.status,
  additions: before.additions + file.additions,
  deletions: before.deletions + file.deletions,
})
