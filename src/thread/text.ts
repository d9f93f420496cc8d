// Format characters and what is drawn as nothing (bidi controls, zero width …) can make a text read as another one.
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const CONTROL = /(?![\n\t])\p{Cc}/gu
// Nearly every text is of these only, and then there is nothing to do: cleaning each was a tenth of what a step costs this process.
const CLEAN = /^[\n\t -~]*$/

/** Untrusted words as they may be shown to a model or a person: composed, nothing invisible, at most `limit` characters. */
export const clean = (text: string, limit: number): string => {
  if (text.length <= limit && CLEAN.test(text)) return text
  // Cut before normalising: the cost of a hostile megabyte stays bounded.
  const head = text.slice(0, limit * 4)
  const plain = head.normalize('NFC').replace(/\r\n?/g, '\n').replace(INVISIBLE, '').replace(CONTROL, '')
  const letters = [...plain]
  return letters.length > limit || head.length < text.length ? `${letters.slice(0, limit - 1).join('')}…` : plain
}

/** A tag as people read it: a whole SHA, which may stand in its place, as its first seven digits. */
export const tagInWords = (tag: string): string => (/^[0-9a-f]{40}$/.test(tag) ? tag.slice(0, 7) : tag)

/** The first line of a longer text. */
export const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
