import type { Mail } from './mail.ts'

/**
 * Whether the server that took this mail in says that its domain vouches for the sender: `dmarc=pass` for the domain of `From`, in the
 * uppermost Authentication-Results (RFC 8601) of that server's name. Those below came with the mail, and anybody can write them.
 */
export const isVouched = ({ from, headers }: Mail, authservId: string | undefined): boolean => {
  if (authservId === undefined || from === null) return false
  const named = headers('authentication-results')
    .map(resultsIn)
    .find(([id = '']) => id.split(/\s/, 1)[0]?.toLowerCase() === authservId.toLowerCase())
  const results = named?.slice(1).filter((one) => /^dmarc\s*=/i.test(one)) ?? []
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const [dmarc = ''] = results
  return results.length === 1 && /^dmarc\s*=\s*pass(\s|$)/i.test(dmarc) && headerFrom(dmarc) === domain
}

const headerFrom = (result: string): string | null =>
  /\sheader\.from\s*=\s*([^\s;"]{1,255})(\s|$)/i.exec(result)?.[1]?.toLowerCase().replace(/^.*@/, '') ?? null

/** Its parts, without comments. What is quoted is emptied: there a `;` separates nothing, and `dmarc=pass` says nothing. */
const resultsIn = (header: string): string[] => {
  let bare = header.slice(0, 5_000).replace(/"(?:[^"\\]|\\.)*"/g, '""')
  for (let before = ''; before !== bare; ) {
    before = bare
    bare = bare.replace(/\([^()]*\)/g, ' ')
  }
  return bare.split(';').map((part) => part.trim())
}
