import { createHash } from 'node:crypto'
import { changed } from './changes.ts'
import { headAt } from './history.ts'
import { aiko, maya, sam } from './people.ts'
import { empty, plantDeployment } from './seed.ts'
import type { CommitRecord, Person, State } from './state.ts'

const HOURS_7 = 7 * 3_600_000
// Numbers of runs, comments and deployments are unique in all of GitHub.
const FIRST_ID = 500_000
const OPEN_PULL = 7

const history: { by: Person; message: string; tag?: string }[] = [
  { by: sam, message: 'Index the catalogue every night' },
  { by: sam, message: 'Answer queries over HTTP', tag: 'v0.4.0' },
  { by: maya, message: 'Index a product when it changes' },
  { by: aiko, message: 'Deploy from workflow_dispatch', tag: 'v0.4.1' },
  { by: sam, message: 'Forgive one slip of the finger a word' },
  { by: maya, message: 'Release 0.5.0', tag: 'v0.5.0' },
]

const sha1 = (text: string): string => createHash('sha1').update(`acme/search ${text}`).digest('hex')

/** The repository acme/search as every sandbox begins: one service, `search`, and one pull request that is open. */
export const seedSearch = (): State => {
  const state = { ...empty(), next_id: FIRST_ID }
  state.commits = history.map(
    ({ by, message }, index): CommitRecord => ({
      sha: sha1(String(index)),
      parents: index === 0 ? [] : [sha1(String(index - 1))],
      message,
      author: by,
      at: headAt - (history.length - 1 - index) * HOURS_7,
    }),
  )
  history.forEach(({ tag }, index) => {
    if (tag) state.tags[tag] = { commit: sha1(String(index)), object: null, at: headAt }
  })
  const head = sha1(String(history.length - 1))
  state.branches['main'] = head
  for (const environment of ['staging', 'production']) {
    plantDeployment(state, { environment, at: '2026-02-26T09:00:00Z', ref: 'v0.4.1' }, 'search')
  }
  plantPull(state, head)
  return state
}

const plantPull = (state: State, base: string): void => {
  const sha = sha1(`pull ${OPEN_PULL}`)
  const [title, branch, at] = ['Show why a product was found', 'samokafor/explain', headAt + HOURS_7]
  const files = ['search/explain.ts'].map(changed)
  state.commits.push({ sha, parents: [base], message: title, author: sam, at, files })
  state.branches[branch] = sha
  const times = { created_at: at, updated_at: at, closed_at: null, merged: null }
  const ends = { head: { branch, sha, fork: null }, base: { branch: 'main', sha: base } }
  state.pulls.push({ number: OPEN_PULL, title, body: null, author: sam, ...ends, files, ...times })
}
