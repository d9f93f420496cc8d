import type { Strings } from '../agent/ports.ts'

interface Where {
  github: string | null
  model: string | null
  slack: string | null
}

interface Pull {
  words: string
  at: keyof Where
  method: 'POST' | 'PUT' | 'DELETE'
  path: string
  body?: object
}

const DEADLINE_MS = 5_000
const lost = { times: 1, method: 'POST', path: '/dispatches' }

/** What can be made to happen, by the stand-ins' own control routes. */
const PULLS: Record<string, Pull> = {
  run_fails: {
    words: 'The next run fails',
    at: 'github',
    method: 'POST',
    path: 'runs/next',
    body: { conclusion: 'failure' },
  },
  answer_late: {
    words: 'GitHub answers the next dispatch 8 s late',
    at: 'github',
    method: 'POST',
    path: 'faults',
    body: { ...lost, do: 'delay', ms: 8_000 },
  },
  answer_lost: {
    words: 'The next dispatch starts, and its answer is lost',
    at: 'github',
    method: 'POST',
    path: 'faults',
    body: { ...lost, do: 'drop', accept: true },
  },
  dispatch_refused: {
    words: 'GitHub refuses the next dispatch',
    at: 'github',
    method: 'POST',
    path: 'faults',
    body: { ...lost, do: 'answer', accept: false, status: 422 },
  },
  github_down: {
    words: 'GitHub is down for its next five readings',
    at: 'github',
    method: 'POST',
    path: 'faults',
    body: { times: 5, method: 'POST', path: '/graphql', do: 'answer', accept: false, status: 502 },
  },
  runs_slow: {
    words: 'Runs take half a minute',
    at: 'github',
    method: 'PUT',
    path: 'pace',
    body: { queued: 5_000, running: 25_000 },
  },
  runs_usual: {
    words: 'Runs take two seconds',
    at: 'github',
    method: 'PUT',
    path: 'pace',
    body: { queued: 600, running: 1_500 },
  },
  webhooks_off: { words: 'No webhooks come', at: 'github', method: 'PUT', path: 'webhooks', body: { mode: 'off' } },
  webhooks_twice: {
    words: 'Each webhook comes twice',
    at: 'github',
    method: 'PUT',
    path: 'webhooks',
    body: { mode: 'twice' },
  },
  merge: { words: 'Somebody merges a pull request', at: 'github', method: 'POST', path: 'merges', body: { count: 1 } },
  calm_github: { words: 'GitHub is well again', at: 'github', method: 'DELETE', path: 'faults' },
  model_babbles: {
    words: 'The model answers next with no step at all',
    at: 'model',
    method: 'POST',
    path: 'replies',
    body: [{ content: 'I would rather not say.' }],
  },
  model_down: {
    words: 'The model is overloaded once',
    at: 'model',
    method: 'POST',
    path: 'replies',
    body: [{ status: 529, body: '{"error":{"message":"overloaded"}}' }],
  },
  slack_limits: {
    words: 'Slack takes nothing for five seconds, once',
    at: 'slack',
    method: 'POST',
    path: 'faults',
    body: { do: 'rate_limit', retry_after: 5 },
  },
}

const STANDS: { at: keyof Where; name: string; page: string }[] = [
  { at: 'github', name: 'GitHub', page: '/' },
  { at: 'slack', name: 'Slack', page: '/' },
  { at: 'model', name: 'what the model was asked', page: '/_sandbox/requests' },
]

/** Null: nothing here is a sandbox. */
export const createStrings = (where: Where): Strings | null => {
  const stands = STANDS.flatMap(({ at, name, page }) =>
    where[at] === null ? [] : [{ name, url: `${where[at]}${page}` }],
  )
  if (stands.length === 0) return null
  const there = Object.entries(PULLS).filter(([, { at }]) => where[at] !== null)
  return {
    stands,
    pulls: there.map(([name, { words }]) => ({ name, words })),
    pull: async (name) => {
      const [, pull] = there.find(([one]) => one === name) ?? []
      if (!pull) throw new Error(`there is no string ${name}`)
      const { method, path, at, body } = pull
      const answer = await fetch(`${where[at]}/_sandbox/${path}`, {
        method,
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
        signal: AbortSignal.timeout(DEADLINE_MS),
      })
      if (!answer.ok) throw new Error(`the sandbox answers ${answer.status}`)
    },
  }
}
