import { request } from 'node:http'
import { expect, test } from 'vitest'
import { mrkdwn } from '../../../src/sandbox/slack/page/mrkdwn.ts'
import { open } from './support.ts'

const names = { person: (id: string) => `name of ${id}`, channel: (id: string) => `name of ${id}` }
const shown = (text: string) => mrkdwn(text, names).markup

test.each([
  ['*bold* _it_ ~no~ `code`', '<b>bold</b> <i>it</i> <s>no</s> <code>code</code>'],
  ['2*3*4 a_b_c', '2*3*4 a_b_c'],
  ['<@U01> in <#C01>', '<span class="mention">@name of U01</span> in <span class="mention">#name of C01</span>'],
  ['<!channel>', '<span class="mention loud">@channel</span>'],
  ['&lt;!channel&gt;', '&lt;!channel&gt;'],
  ['&amp;lt;b&amp;gt;', '&amp;lt;b&amp;gt;'],
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['<javascript:alert(1)|click>', '&lt;javascript:alert(1)|click&gt;'],
  [
    '<https://x.test/?a=1&amp;b="|*c*>',
    '<a href="https://x.test/?a=1&amp;b=&quot;" target="_blank" rel="noopener noreferrer">*c*</a>',
  ],
  ['a\u202Eb', 'a<span class="mark">U+202E</span>b'],
  ['> said\nso', '<blockquote>said<br></blockquote>so'],
  ['```\n*a* <b>```', '<pre>*a* &lt;b&gt;</pre>'],
  [':white_check_mark: :nope:', '✅ :nope:'],
])('%j is shown as %s', (text, markup) => expect(shown(text)).toBe(markup))

const hostile = `"><script>alert('1')</script><!channel>\u202Etxt.exe`

test('hostile text stays text, wherever it stands', async () => {
  const { sandbox, client, control } = await open()
  const plain = { type: 'plain_text' as const, text: hostile.slice(0, 70) }
  await control('POST', '/say', { user: 'U01', channel: 'C01', text: hostile, typed: true })
  await client.chat.postMessage({
    channel: 'C01',
    text: hostile,
    blocks: [
      { type: 'header', text: plain },
      { type: 'section', text: { type: 'mrkdwn', text: hostile }, fields: [plain] },
      {
        type: 'actions',
        block_id: hostile,
        elements: [
          { type: 'button', action_id: hostile, text: plain, value: hostile, url: 'javascript:alert(1)' },
          { type: 'static_select', action_id: 'b', placeholder: plain, options: [{ text: plain, value: hostile }] },
        ],
      },
      { type: 'context', elements: [plain] },
    ],
  })
  const answer = await fetch(`${sandbox.url}/?channel=C01&thread=${encodeURIComponent('"><script>')}`)
  const text = await answer.text()
  expect(text.match(/<script[^>]*>/g)).toEqual(['<script src="/script.js" defer>'])
  expect(text).not.toContain('javascript:')
  expect(text.replace(/<[^>]*>/g, '')).not.toContain('\u202E')
  expect(text).toContain('&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;')
  expect(answer.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'/,
  )
  // What a person types is escaped on the way to the app; what the app posts is its own to escape.
  expect(text.match(/class="mention loud"/g)).toHaveLength(1)
})

test('what somebody types is passed on as Slack does', async () => {
  const { control } = await open()
  const type = async (text: string) =>
    (await control<{ text: string }>('POST', '/say', { user: 'U01', channel: 'C01', text, typed: true })).text
  expect(await type('@deploybot, ask @tomas. a@deploybot.test')).toBe('<@UBOT01>, ask <@U02>. a@deploybot.test')
  expect(await type('<!channel> & <@U02>')).toBe('&lt;!channel&gt; &amp; &lt;@U02&gt;')
  expect(await type('see https://x.test/a?b=1')).toBe('see <https://x.test/a?b=1>')
})

test('each sees what is theirs', async () => {
  const { sandbox, client, control } = await open()
  await client.chat.postEphemeral({ channel: 'C01', user: 'U02', text: 'for tomas' })
  await client.chat.postMessage({ channel: 'U01', text: 'for the lead' })
  await control('POST', '/say', { team: 'T02', user: 'U21', channel: 'C21', text: 'at globex' })
  const page = async (query: string) => (await fetch(`${sandbox.url}/?${query}`)).text()
  expect(await page('as=U01&channel=C01')).not.toContain('for tomas')
  expect(await page('as=U02&channel=C01')).toContain('for tomas')
  expect(await page('as=U01&channel=UBOT01')).toContain('for the lead')
  expect(await page('as=U02&channel=UBOT01')).not.toContain('for the lead')
  expect(await page('team=T02')).toContain('at globex')
  expect(await page('')).not.toContain('at globex')
})

test('a permalink leads to the message', async () => {
  const { client } = await open()
  const { ts = '' } = await client.chat.postMessage({ channel: 'C01', text: 'here' })
  const { permalink = '' } = await client.chat.getPermalink({ channel: 'C01', message_ts: ts })
  const answer = await fetch(permalink, { redirect: 'manual' })
  const page = new URL(answer.headers.get('location') ?? '', permalink)
  expect(page.hash).toBe(`#m${ts}`)
  expect(await (await fetch(page)).text()).toContain(`id="m${ts}"`)
})

test('only this machine is served, and only JSON steers', async () => {
  const { sandbox } = await open()
  const status = await new Promise((resolve) => {
    const headers = { host: 'evil.test' }
    request(sandbox.url, { headers }, (answer) => resolve(answer.statusCode)).end()
  })
  expect(status).toBe(403)
  const form = new URLSearchParams({ user: 'U01', channel: 'C01', text: 'x' })
  expect((await fetch(`${sandbox.url}/_sandbox/say`, { method: 'POST', body: form })).status).toBe(415)
})
