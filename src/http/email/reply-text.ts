/** What somebody wrote anew, without the mail that they reply to and without their signature. */
export const newWords = (text: string): string => {
  const lines = text.slice(0, 50_000).replace(/\r\n?/g, '\n').replaceAll('\u00a0', ' ').split('\n').slice(0, 2_000)
  const end = lines.findIndex((_, i) => endsAt(lines, i))
  const own = (end === -1 ? lines : lines.slice(0, end)).filter((line) => !/^\s{0,3}>/.test(line))
  // What is left of a rule that stood above the quoted mail.
  return own
    .join('\n')
    .replace(/(\n\s*[-_]{5,}\s*)+$/, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Whether the writer's own words end before line `i`. */
const endsAt = (lines: readonly string[], i: number): boolean => {
  const line = (lines[i] ?? '').trim()
  if (line.length > 500) return false
  return (
    line === '--' ||
    SENT_FROM.test(line) ||
    SEPARATOR.test(line) ||
    quotesHeaders(lines, i) ||
    introduces(lines.slice(i, i + 4))
  )
}

/** The only line of a signature that telephones write. */
const SENT_FROM =
  /^(sent from (my|outlook|yahoo|proton|mail for)\b.{0,60}|get outlook for .{1,40}|von mein(em|er) .{1,40} gesendet|gesendet (von|mit) .{1,60}|envoyé (de|depuis) (mon|ma|outlook|l)\b.{0,60}|télécharger outlook pour .{1,40}|enviado desde mi .{1,40}|inviato da(l mio)? .{1,40})$/i

const SEPARATOR =
  /^-{2,}\s*(original message|original appointment|forwarded message|ursprüngliche nachricht|originalnachricht|message d['’]origine|message original|mensaje original)\s*-{2,}$/i

const HEADERS: [first: RegExp, then: RegExp][] = [
  [/^\*?from:\*?\s/i, /^\*?(sent|date|to|subject):\*?\s/i],
  [/^\*?von:\*?\s/i, /^\*?(gesendet|datum|an|betreff):\*?\s/i],
  [/^\*?de\s?:\*?\s/i, /^\*?(envoyé|date|à|objet)\s?:\*?\s/i],
]

/** The head of the quoted mail, as Outlook writes it: who, and on one of the next lines when, to whom or about what. */
const quotesHeaders = (lines: readonly string[], i: number): boolean => {
  const line = (lines[i] ?? '').trim()
  const next = lines.slice(i + 1, i + 5).map((one) => one.trim())
  return HEADERS.some(([first, then]) => first.test(line) && next.some((one) => then.test(one)))
}

// The date (a digit) has to be there: "On Friday somebody wrote:" is what a person may write.
const INTRODUCTIONS = [
  /^on\b[^\n]*\d[^\n]*\bwrote\s?:$/i,
  /^am\b[^\n]*\d[^\n]*\bschrieb\b[^\n]*:$/i,
  /^[^\n]{1,200}\bschrieb am\b[^\n]*\d[^\n]*:$/i,
  /^le\b[^\n]*\d[^\n]*\ba écrit\s?:$/i,
  /^el\b[^\n]*\d[^\n]*\bescribió\s?:$/i,
  /^il\b[^\n]*\d[^\n]*\bha scritto\s?:$/i,
  /^op\b[^\n]*\d[^\n]*\bschreef\b[^\n]*:$/i,
]

/** "On Wed, Nov 25, 2026 at 2:02 PM Deploybot <bot@acme.test> wrote:", which mail programs break over up to four lines. */
const introduces = (window: readonly string[]): boolean => {
  const lines = window.map((line) => line.trim())
  return lines.some((_, last) => {
    const sentence = lines.slice(0, last + 1).join(' ')
    return sentence.length < 600 && INTRODUCTIONS.some((one) => one.test(sentence))
  })
}
