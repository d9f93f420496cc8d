const BASE = 36

/** A thread's id in 25 letters and digits instead of 36, for links that are paid for by the letter. */
export const shortOf = (id: string): string => BigInt(`0x${id.replaceAll('-', '')}`).toString(BASE)

/** The id; null: this is none. */
export const idOfShort = (short: string): string | null => {
  if (!/^[0-9a-z]{1,25}$/.test(short)) return null
  const number = [...short].reduce((sum, digit) => sum * BigInt(BASE) + BigInt(Number.parseInt(digit, BASE)), 0n)
  const hex = number.toString(16).padStart(32, '0')
  return hex.length > 32 ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
