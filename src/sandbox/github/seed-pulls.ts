import { createHash } from 'node:crypto'
import { changed } from './changes.ts'
import { headAt, history } from './history.ts'
import { aiko, maya, tomas } from './people.ts'
import type { PullRecord } from './pulls.ts'
import type { CommitRecord, State } from './state.ts'

/** What the commits since v1.2.2 changed, newest last, and under which number they were merged; without one they were pushed as they are. */
const since: { pull?: number; branch?: string; files: string[] }[] = [
  { pull: 51, branch: 'cache-categories', files: ['backend/catalogue/tree.ts', 'backend/cache.ts'] },
  { pull: 52, branch: 'unit-price', files: ['frontend/product/price.tsx'] },
  { files: ['backend/coupons/check.ts'] },
  { pull: 54, branch: 'alert-capture', files: ['ops/alerts.yml'] },
  { pull: 55, branch: 'large-carts', files: ['backend/checkout/total.ts', 'backend/checkout/total.test.ts'] },
  { pull: 57, branch: 'delivery-country', files: ['frontend/checkout/country.tsx', 'frontend/session.ts'] },
  { pull: 58, branch: 'guest-checkout', files: ['backend/accounts/guest.ts', 'frontend/checkout/guest.tsx'] },
  { files: ['backend/shipping/rounding.ts'] },
  { pull: 60, branch: 'arm64', files: ['.github/workflows/build.yml', 'Dockerfile'] },
  { pull: 61, branch: 'dark-colours', files: ['frontend/theme.css'] },
  { pull: 62, branch: 'refunds-export', files: ['backend/export/orders.ts', 'backend/export/refunds.ts'] },
  { pull: 63, branch: 'stock-query', files: ['backend/stock/query.sql', 'backend/stock/query.ts'] },
]

/** Pull requests to the history that is there: its commits stay as they are. One more is still open. */
export const plantPulls = (state: State): void => {
  state.pulls = []
  const onMain = state.commits.slice(0, history.length)
  const first = history.length - since.length
  since.forEach(({ pull, branch, files }, index) => {
    const commit = onMain[first + index]
    if (!commit) return
    commit.files = files.map(changed)
    if (pull && branch) state.pulls.push(merged(state, commit, pull, branch))
  })
  const head = onMain.at(-1)
  if (head) state.pulls.push(opened(state, head))
}

const HOUR = 3_600_000
const headSha = (number: number): string => createHash('sha1').update(`acme/shop pull ${number}`).digest('hex')

const merged = (state: State, commit: CommitRecord, number: number, name: string): PullRecord => {
  const { author, at, files = [], parents } = commit
  const [title = '', ...body] = commit.message.split('\n\n')
  const sha = headSha(number)
  const base = parents[0] ?? ''
  state.commits.push({ sha, parents: [base], message: title, author, at: at - HOUR, files })
  return {
    number,
    title,
    body: body.join('\n\n') || null,
    author,
    head: { branch: `${author.login}/${name}`, sha, fork: null },
    base: { branch: 'main', sha: base },
    files,
    created_at: at - HOUR,
    updated_at: at,
    closed_at: at,
    merged: { by: author.login === maya.login ? aiko : maya, at, commit: commit.sha },
  }
}

const opened = (state: State, onto: CommitRecord): PullRecord => {
  const number = 64
  const title = 'Storefront: a list of wishes'
  const files = ['frontend/wishes/list.tsx', 'backend/wishes/store.ts'].map(changed)
  const head = { branch: 'tomasrey/wishes', sha: headSha(number), fork: null }
  const at = headAt + HOUR
  state.commits.push({ sha: head.sha, parents: [onto.sha], message: title, author: tomas, at, files })
  state.branches[head.branch] ??= head.sha
  return {
    ...{ number, title, body: null, author: tomas, head, base: { branch: 'main', sha: onto.sha }, files },
    ...{ created_at: at, updated_at: at, closed_at: null, merged: null },
  }
}
