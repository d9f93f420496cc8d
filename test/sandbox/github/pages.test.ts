import { expect, test } from 'vitest'
import { completed, dispatch, open } from './support.ts'

const page = async (url: string) => {
  const answer = await fetch(url)
  return { status: answer.status, policy: answer.headers.get('content-security-policy'), text: await answer.text() }
}

test('the link of a run shows how it went and that it was a sandbox run, without a token', async () => {
  const { octokit } = await open()
  const { html_url, workflow_run_id } = await dispatch(octokit)
  await completed(octokit, workflow_run_id)
  const { status, text } = await page(html_url)
  expect(status).toBe(200)
  expect(text).toContain('Deploy backend v1.2.3 to production d-0001')
  expect(text).toContain('<b>success</b>')
  expect(text).toContain('Sandbox run')
})

test('text from outside stays text', async () => {
  const { octokit } = await open()
  const { html_url } = await dispatch(octokit, { tag: `<script>alert('1')</script>` })
  const { text, policy } = await page(html_url)
  expect(text).not.toContain('<script>')
  expect(text).toContain('&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;')
  expect(policy).toContain("default-src 'none'")
})

test('links of commits and comparisons show them', async () => {
  const { sandbox } = await open()
  const commit = await page(`${sandbox.url}/acme/shop/commit/4af9ec0`)
  expect(commit.text).toContain('Speed up the stock query')
  const compared = await page(`${sandbox.url}/acme/shop/compare/v1.2.2...v1.2.3`)
  expect(compared.text).toContain('5 ahead, 0 behind')
  expect(compared.text).toContain('Fix time-out of large carts')
  expect((await page(sandbox.url)).text).toContain('acme/shop')
  expect((await page(`${sandbox.url}/acme/shop/pull/63`)).text).toContain('merged by Aiko Tanabe')
})

test.each(['/actions/runs/1', '/commit/nope', '/compare/a...b', '/pull/1'])(
  '%s of nothing is a 404 page',
  async (path) => {
    const { sandbox } = await open()
    const { status, text } = await page(`${sandbox.url}/acme/shop${path}`)
    expect(status).toBe(404)
    expect(text).toContain('<!doctype html>')
  },
)
