// GSM 03.38: what a segment of 160 can hold, and what takes two of its places.
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const EXTENDED = '^{}\\[~]|€'

const WIDTHS = new Map([
  ...[...BASIC].map((letter) => [letter, 1] as const),
  ...[...EXTENDED].map((letter) => [letter, 2] as const),
])

/** What a message costs: how it is encoded, and in how many parts it is sent and paid. */
export const segmentsOf = (text: string): { encoding: 'GSM-7' | 'UCS-2'; count: number } => {
  const letters = [...text]
  const widths = letters.map((letter) => WIDTHS.get(letter))
  const gsm = widths.every((width) => width !== undefined)
  const places = gsm ? widths.map(Number) : letters.map((letter) => letter.length)
  const [alone, each] = gsm ? [160, 153] : [70, 67]
  const total = places.reduce((sum, width) => sum + width, 0)
  return { encoding: gsm ? 'GSM-7' : 'UCS-2', count: total <= alone ? 1 : parts(places, each) }
}

/** A letter of two places is never divided: it begins the next part. */
const parts = (places: number[], each: number): number => {
  let count = 1
  let used = 0
  for (const width of places) {
    if (used + width > each) {
      count += 1
      used = 0
    }
    used += width
  }
  return count
}

const ALIKE: Record<string, string> = {
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '‘': "'",
  '’': "'",
  '`': "'",
  '–': '-',
  '—': '-',
  '→': '->',
  '…': '...',
  '•': '-',
  '\t': ' ',
  '\u00a0': ' ',
}

/**
 * The same in letters that cost less, where there are such: quotes and dashes plain, accents off where GSM has none, pictures left out.
 * A word in another script stays as it is, and the whole message costs more than twice as much.
 */
export const cheaply = (text: string): string => [...text].map(cheap).join('')

const cheap = (letter: string): string => {
  if (WIDTHS.has(letter)) return letter
  const alike = ALIKE[letter] ?? letter.normalize('NFD').replace(/\p{M}/gu, '')
  if (alike !== '' && [...alike].every((one) => WIDTHS.has(one))) return alike
  return /[\p{L}\p{N}\p{M}]/u.test(letter) ? letter : ''
}

const MOST = 2

/** The words and then the link, in at most two segments: words are cut, a link is not. */
export const fitted = (words: string, link: string): string => {
  const letters = [...cheaply(words)]
  const joined = (count: number): string =>
    `${letters.slice(0, count).join('')}${count < letters.length ? '...' : ''} ${link}`
  for (let count = letters.length; count > 0; count -= 1) {
    if (segmentsOf(joined(count)).count <= MOST) return joined(count)
  }
  return link
}
