import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ToolError } from '../../../src/agent/ports.ts'
import { open, world } from './support.ts'

const it = world()
let app: Awaited<ReturnType<typeof open>>
/** The runs that were asked about, and what threads there are for each. */
let asked: string[] = []
let answer: () => Promise<string[]>
beforeAll(async () => {
  const gates = {
    asked: (repository: string, run: number) => {
      asked.push(`${repository} ${run}`)
      return answer()
    },
  }
  app = await open({ ...it.deps, gates }, afterAll)
})
beforeEach(async () => {
  asked = []
  answer = async () => ['g-1']
  await app.mark()
})

const news = (more: object = {}) => ({
  action: 'requested',
  environment: 'staging',
  deployment_callback_url: 'https://api.github.com/repos/acme/shop/actions/runs/77/deployment_protection_rule',
  repository: { full_name: 'Acme/Shop' },
  ...more,
})
const send = (payload: object) => app.send('deployment_protection_rule', payload, { 'x-github-delivery': 'd-9' })

test('a gate that asks is looked at by the number of its run, whatever else the payload says', async () => {
  expect((await send(news())).body).toEqual({ ok: true })
  expect(asked).toEqual(['acme/shop 77'])
  expect(app.lines).toContainEqual(expect.objectContaining({ thread_ids: ['g-1'], run_id: 77, delivery_id: 'd-9' }))
})

test.each<[string, object]>([
  ['of another repository', { repository: { full_name: 'evil/shop' } }],
  ['with another address', { deployment_callback_url: 'https://x.test/77' }],
  [
    'with a number that no database holds',
    { deployment_callback_url: `https://x.test/actions/runs/${'9'.repeat(30)}/deployment_protection_rule` },
  ],
])('one %s is not looked at', async (_, more) => {
  expect(await send(news(more))).toMatchObject({ status: 200, body: { ignored: expect.any(String) } })
  expect(asked).toEqual([])
})

test('one where nothing waits for us is ignored with a line in the log', async () => {
  answer = async () => []
  expect((await send(news())).body.ignored).toMatch('nothing waits')
  expect(app.lines).toContainEqual(expect.objectContaining({ ignored: 'nothing waits for us there' }))
})

test('one that is no such payload is refused', async () => {
  expect(await send({ action: 'requested' })).toMatchObject({ status: 422, body: { code: 'unknown_payload' } })
})

test('where GitHub cannot be asked it is refused, and the sweep finds it', async () => {
  answer = () => Promise.reject(new ToolError('github_unreachable', 'nobody is there'))
  expect(await send(news())).toMatchObject({ status: 503, body: { code: 'github_unreachable' } })
})
