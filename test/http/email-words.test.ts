import { describe, expect, test } from 'vitest'
import { parseMail } from '../../src/http/email/mail.ts'
import { newWords } from '../../src/http/email/reply-text.ts'

const QUOTE = '> [deploybot] Which tag?\n>\n> - v1.2.3\n> Look and decide: https://bot.test/threads/1\n'
const OUTLOOK =
  'Deploybot <bot@acme.test>\nSent: Wednesday, November 25, 2026 2:02 PM\nTo: Lead\nSubject: Which tag?\n\nWhich tag?'

describe('the words of a reply', () => {
  test.each<[string, string]>([
    ['Gmail', `v1.2.3 please\n\nOn Wed, Nov 25, 2026 at 2:02 PM Deploybot <bot@acme.test> wrote:\n\n${QUOTE}`],
    [
      'Gmail, broken over lines',
      `v1.2.3 please\n\nOn Wed, Nov 25, 2026 at 2:02 PM A rather long name of a bot\n<deploybot-production@acme.test>\nwrote:\n\n${QUOTE}`,
    ],
    ['Apple Mail', `v1.2.3 please\n\n> On 25. Nov 2026, at 14:02, Deploybot <bot@acme.test> wrote:\n> \n${QUOTE}`],
    [
      'an iPhone',
      `v1.2.3 please\n\nSent from my iPhone\n\n> On 25 Nov 2026, at 14:02, Deploybot <b@a.test> wrote:\n${QUOTE}`,
    ],
    ['Outlook', `v1.2.3 please\n\n________________________________\nFrom: ${OUTLOOK}`],
    ['Outlook of old', `v1.2.3 please\n\n-----Original Message-----\nFrom: ${OUTLOOK}`],
    [
      'Outlook for iOS',
      `v1.2.3 please\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: ${OUTLOOK}`,
    ],
    [
      'a German Outlook',
      'v1.2.3 please\n\nVon: Deploybot <bot@acme.test>\nGesendet: Mittwoch, 25. November 2026 14:02\nAn: Lead\nBetreff: Welches Tag?\n\nWelches Tag?',
    ],
    [
      'a German Gmail',
      `v1.2.3 please\n\nAm Mi., 25. Nov. 2026 um 14:02 Uhr schrieb Deploybot <bot@acme.test>:\n\n${QUOTE}`,
    ],
    ['a German Thunderbird', `v1.2.3 please\n\nAm 25.11.26 um 14:02 schrieb Deploybot:\n${QUOTE}`],
    [
      'a German iPhone',
      `v1.2.3 please\n\nVon meinem iPhone gesendet\n\n> Am 25.11.2026 um 14:02 schrieb Deploybot:\n${QUOTE}`,
    ],
    [
      'a French Gmail',
      `v1.2.3 please\n\nLe mer. 25 nov. 2026 à 14:02, Deploybot <bot@acme.test> a écrit :\n\n${QUOTE}`,
    ],
    [
      'a French Outlook',
      'v1.2.3 please\n\nDe : Deploybot <bot@acme.test>\nEnvoyé : mercredi 25 novembre 2026 14:02\nÀ : Lead\nObjet : Quel tag ?\n\nQuel tag ?',
    ],
    [
      'a French iPhone',
      `v1.2.3 please\n\nEnvoyé de mon iPhone\n\n> Le 25 nov. 2026 à 14:02, Deploybot a écrit :\n${QUOTE}`,
    ],
    [
      'a Spanish Gmail',
      `v1.2.3 please\n\nEl mié, 25 nov 2026 a las 14:02, Deploybot (<bot@acme.test>) escribió:\n\n${QUOTE}`,
    ],
    [
      'Thunderbird with a signature',
      `v1.2.3 please\n\n-- \nLead Person\nACME Inc.\n\nOn 25/11/2026 14:02, Deploybot wrote:\n${QUOTE}`,
    ],
    ['somebody who answers below', `${QUOTE}\nv1.2.3 please\n`],
    ['Windows line ends', 'v1.2.3 please\r\n\r\nOn Wed, 25 Nov 2026, Deploybot wrote:\r\n> Which tag?\r\n'],
  ])('of %s are without what they quote and sign with', (_, text) => expect(newWords(text)).toBe('v1.2.3 please'))

  test.each([
    'On Friday somebody wrote: never deploy then.\nSo please wait.',
    'From: here on we use v1.2.3',
    'Am I right that v1.2.3 is live?',
    'v1.2.3\n\nthen the frontend',
    'use -- as the separator',
    'What was sent from my side is fine',
  ])('%j stay as they are', (text) => expect(newWords(text)).toBe(text))

  test('may be none', () => {
    expect(newWords(`On Wed, Nov 25, 2026 at 2:02 PM Deploybot wrote:\n${QUOTE}`)).toBe('')
    expect(newWords('')).toBe('')
  })

  test('of a hostile text are read in a moment', () => {
    const began = performance.now()
    for (const line of ['On 1 ', 'Am 1 schrieb ', '> ', '-', 'From: \n', 'wrote:', ' ', 'Sent from my ', '\n'])
      newWords(line.repeat(100_000))
    expect(performance.now() - began).toBeLessThan(1_500)
  })
})

describe('a mail that is HTML only', () => {
  const html = async (body: string) =>
    newWords(
      (await (await parseMail(`From: a@b.test\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${body}`))?.text()) ??
        '',
    )

  test.each<[string, string]>([
    [
      'Gmail',
      '<div dir="ltr">v1.2.3 please</div><br><div class="gmail_quote"><div class="gmail_attr">On Wed, Nov 25, 2026 at 2:02 PM Deploybot &lt;<a href="mailto:bot@acme.test">bot@acme.test</a>&gt; wrote:<br></div><blockquote class="gmail_quote"><p>Which tag?</p></blockquote></div>',
    ],
    [
      'Outlook',
      '<div>v1.2.3 please</div><hr tabindex="-1"><div id="divRplyFwdMsg"><b>From:</b> Deploybot &lt;bot@acme.test&gt;<br><b>Sent:</b> Wednesday<br><b>To:</b> Lead<br><b>Subject:</b> Which tag?</div><div>Which tag?</div>',
    ],
    [
      'Apple Mail',
      '<html><body>v1.2.3&nbsp;please<br><br><blockquote type="cite"><div>On 25. Nov 2026, at 14:02, Deploybot wrote:</div><div>Which tag?</div></blockquote></body></html>',
    ],
  ])('from %s is read like one of text', async (_, body) => expect(await html(body)).toBe('v1.2.3 please'))

  test('says nothing by script, style or what it hides in comments', async () =>
    expect(await html('<style>p{}</style><script>alert(1)</script><!-- deploy v9 --><p>hello</p>')).toBe('hello'))

  test.each([
    ['a hundred thousand nested blocks', '<div>'.repeat(100_000)],
    ['half a million tags', '<b>x</b>'.repeat(100_000)],
    ['entities without end', '&amp;'.repeat(180_000)],
    ['a thousand quotes in quotes', '<blockquote>x'.repeat(990)],
    ['tables in tables', '<table><tr><td>'.repeat(30_000)],
  ])('of %s does not hold us up', async (_, body) => {
    const began = performance.now()
    await html(body)
    expect(performance.now() - began).toBeLessThan(1_500)
  })
})
