/** Words that name nothing, so that what is left over can be taken for a name. */
const FILLER = new Set(
  `a again ahead all also an and any app application asap as at be because bot both branch build but by can change code commit
  commits could deploybot deployment do does done env environment environments everything except fast first fix for from get go
  going good great hello hey hi hotfix i if immediately in instead into is it its just kindly know latest let let's like
  live main me message minutes more must my need new newest next not now of off ok okay on once one only onto or our out
  over please pls previous quickly rather ready release right running same service services sha should so something soon
  stable tag tags team than thank thanks that the them then there these they this to today together tomorrow tonight too
  two up us version versions want was we what when which will with without would yes yet you your hour hours minute
  second seconds old older earlier last back state stuff thing things whatever it's well sure no`.split(/\s+/),
)

export const isFiller = (word: string): boolean => FILLER.has(word) || /^\d+$/.test(word)

/** A text as its words, without punctuation around them. */
export const tokensOf = (text: string): string[] =>
  text
    .replaceAll('’', "'")
    .split(/[\s,;!?()"“”`]+/)
    .map((word) => word.replace(/^[.:'<@#]+|[.:'>]+$/g, ''))
    .filter((word) => word !== '')

export const isSha = (word: string): boolean => /^(?=.*\d)[0-9a-f]{7,40}$/i.test(word)

export const looksLikeTag = (word: string): boolean =>
  /^v?\d+(\.\d+)+([-+.][\w.-]+)?$/i.test(word) || /^v\d+$/i.test(word) || isSha(word)

const DEPLOY =
  /\b(re-?deploy|deploy|ship|(?<!\b(?:the|latest|newest|new|this|that|a) )release|push|promote|roll(ing)? ?out)\b/
const ROLL_BACK = /\b(rollback|roll(ing)?\b[^.,;]{0,40}?\bback|revert|undo|go back)\b/

export const verbIn = (text: string): 'deploy' | 'rollback' | null => {
  if (ROLL_BACK.test(text)) return 'rollback'
  return DEPLOY.test(text) ? 'deploy' : null
}

/** The words that stand behind the verb. */
export const behindVerb = (text: string): string =>
  text.replace(new RegExp(`^.*?(${DEPLOY.source}|${ROLL_BACK.source})`, 's'), '')

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600 }

/** "wait 10 minutes", "in half an hour", "after 30s": in seconds. */
export const pauseIn = (text: string): number | null => {
  const said =
    /\b(?:wait|in|after|sleep)\s+(?:for\s+)?(\d{1,6}|half an|an?)\s*(s|m|h)(?:ec|econd|in|inute|our)?s?\b/.exec(text)
  if (!said) return null
  const [, amount = '', unit = ''] = said
  const count = amount === 'half an' ? 0.5 : Number(amount) || 1
  return count * (UNITS[unit] ?? 1)
}

const VAGUE =
  /\b(maybe|perhaps|might|later|tomorrow|tonight|next (week|month|time|\w+day)|on \w+day|at \d{1,2}(:\d\d|\s?[ap]m)|if|unless|until|before|after|as soon as|once(?! more))\b/

/** Whether it speaks of a time or a condition, other than a pause: then to do it at once may be wrong. */
export const isVague = (text: string): boolean => VAGUE.test(text) && pauseIn(text) === null

/** Without what it says not to do: "don't deploy v1, use v2" leaves "use v2". Null: it forbids nothing. */
export const withoutForbidden = (text: string): string | null => {
  const left = text.replace(
    /(^|[,;.!] *|\b(?:please|but|no) )(?:don't|dont|do not|never)\b(?! ?mind\b).*?(?=[,;.!] |\bbut\b|$)/gis,
    '$1',
  )
  return left === text ? null : left
}
