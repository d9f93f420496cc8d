import { describe, expect, onTestFinished, test } from 'vitest'
import type { Week } from '../../../src/agent/ports.ts'
import { startApp } from '../../support/app.ts'
import { freshDatabase } from '../../support/postgres.ts'
import { createBrowser } from './support.ts'

const DAY_MS = 86_400_000
/** The Monday of this week, and of the one before. */
const monday = (weeksAgo: number): string => {
  const today = new Date()
  const back = ((today.getUTCDay() + 6) % 7) + 7 * weeksAgo
  return new Date(today.getTime() - back * DAY_MS).toISOString().slice(0, 10)
}

const week = (more: Partial<Week> = {}): Week => ({
  service: 'backend',
  monday: monday(1),
  deployed: 5,
  rolled_back: 1,
  changes: 4,
  failed: 1,
  lead_seconds: 7_500,
  restore_seconds: null,
  waited_seconds: 42,
  model_calls: 12,
  input_tokens: 51_000,
  output_tokens: 900,
  model_cost: 0.1234,
  ...more,
})

const start = async (weeks: Week[]) => {
  const { connection, drop } = await freshDatabase()
  onTestFinished(drop)
  const asked: [string, string][] = []
  const deployments = {
    latest: async () => [],
    weeks: async (environment: string, since: string) => {
      asked.push([environment, since])
      return weeks
    },
  }
  const app = await startApp(connection, { deployments })
  return { ...app, ...createBrowser(app.url), asked }
}

describe('insights', () => {
  test('are charts that can be heard, and the same numbers as a table', async () => {
    const { go, asked } = await start([week(), week({ monday: monday(0), deployed: 2, changes: 0, failed: 0 })])
    const { text } = await go('/insights?environment=production')
    expect(asked).toEqual([['production', `${monday(11)}T00:00:00.000Z`]])
    expect(text).toContain(`aria-label="Went live, week by week: 2 in the week of ${monday(0)}, at most 5"`)
    expect(text).toContain(
      `aria-label="Changes that failed, week by week: 25 % in the week of ${monday(1)}, at most 25 %"`,
    )
    expect(text).toContain('aria-label="Time to restore: nothing to measure"')
    const [, row = ''] = new RegExp(`<tr><th scope="row">${monday(1)}</th>(.*?)</tr>`).exec(text) ?? []
    const cells = [...row.matchAll(/<td[^>]*>([^<]*)/g)].map(([, cell]) => cell)
    expect(cells).toEqual(['5', '1', '4', '1 (25 %)', '2 h 5 min', '–', '42 s', '12', '51,000', '900', '0.1234'])
    expect(text.match(/Nothing was deployed in this time/g)).toHaveLength(2)
  })

  test('are of the last stage where none is named, and counted once for many who look', async () => {
    const { go, asked } = await start([])
    await Promise.all([go('/insights'), go('/insights'), go('/insights.csv')])
    expect(asked.map(([environment]) => environment)).toEqual(['vault'])
  })

  test('are no answer to what there is not', async () => {
    const { go } = await start([])
    expect((await go('/insights?environment=constructor')).status).toBe(404)
    expect((await go('/insights?weeks=5000')).status).toBe(400)
  })

  test('come as CSV, where no name is a formula', async () => {
    const { go } = await start([week(), week({ service: '=cmd|"x",y' })])
    const { text, headers } = await go('/insights.csv?environment=production')
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toContain('attachment')
    const [head, first, second, end] = text.split('\r\n')
    expect(head).toMatch(/^environment,service,monday,deployed,/)
    expect(first).toBe(`production,backend,${monday(1)},5,1,4,1,7500,,42,12,51000,900,0.1234`)
    expect(second).toMatch(/^production,"'=cmd\|""x"",y",/)
    expect(end).toBe('')
  })

  test('of a service with a hostile name are escaped', async () => {
    const { go } = await start([week({ service: '"><script>x</script>' })])
    expect((await go('/insights')).text).not.toContain('<script>x')
  })
})
