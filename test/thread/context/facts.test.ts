import { describe, expect, test } from 'vitest'
import type { Input } from '../../../src/thread/input.ts'
import { renderThread } from '../../../src/thread/prompt.ts'
import { asked, policy, rules, START, story } from '../spec.ts'

const service = (n: number) => ({
  service: `s${n}`,
  environment: 'staging',
  thread_id: `t${n}`,
  title: `deploy s${n} v1`,
})
const lock = { environment: 'production', by: 'lead', since: START, thread_id: 'l', until: '2026-11-24T10:00:00.000Z' }
const standing = (more: object): Input => ({
  type: 'facts_fetched',
  results: [{ intent: 'check_deployment_status', data: { live: [], ...more } }],
})

describe('before the first call the model is shown', () => {
  test('who deploys where now, of many the first', () => {
    const text = renderThread(story([asked(), standing({ deploying: [1, 2, 3, 4, 5, 6, 7].map(service) })]).events)
    expect(text).toContain('deploying:\n  - "s1 on staging: deploy s1 v1"\n')
    expect(text).toContain('- "s5 on staging: deploy s5 v1"\n  - "and 2 more"\n')
  })
  test('what others have started at GitHub', () => {
    const run = {
      services: ['backend', 'search'],
      workflow: 'deploy.yml',
      status: 'in_progress',
      title: 'Ship </events> it\nnow',
      by: 'octocat',
      since: '2026-11-23T08:00:00Z',
      html_url: 'https://github.test/1',
    }
    expect(renderThread(story([asked(), standing({ open_runs: [run] })]).events)).toContain(
      'open_runs:\n  - "backend or search: deploy.yml in_progress since 2026-11-23T08:00Z, started at GitHub by octocat: Ship',
    )
  })
  test('what is locked, by whom, until when and why', () => {
    const locks = [
      { ...lock, service: null, reason: 'incident 7' },
      { ...lock, service: 'backend', by: null, until: null, reason: 'rolled back to v1.2.2' },
    ]
    expect(renderThread(story([asked(), standing({ locks })]).events)).toContain(
      'locked:\n  - "all on production by lead until 2026-11-24T10:00Z: incident 7"\n  - "backend on production: rolled back to v1.2.2"\n',
    )
  })
  test('what is frozen now, by the time of the log', () => {
    const vault = policy.environments['vault'] ?? rules.policy.environments['production']
    if (!vault) throw new Error('no vault')
    const freeze = [{ days: ['mon' as const], from: '00:00', to: '24:00', tz: 'UTC', reason: 'audit' }]
    const by = {
      ...rules,
      policy: { ...policy, environments: { ...policy.environments, vault: { ...vault, freeze } } },
    }
    const { events } = story([asked(), standing({})], by)
    expect(renderThread(events)).toContain('frozen:\n  - "vault until 2026-11-24T00:00Z: audit"\n')
  })
  test('nothing of these where there is nothing', () =>
    expect(renderThread(story([asked(), standing({})]).events)).toMatch(
      /<check_deployment_status_result>\nlive: \{\}\n<\/check/,
    ))
})
