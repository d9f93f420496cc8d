/** What a text says beside names: that it stops, agrees, thanks or asks. The text is in lower case. */
export type Mood = 'stop' | 'yes' | 'no' | 'again' | 'thanks'
export type Question = 'live' | 'compare' | 'tags' | 'help'

const MOODS: [Mood, RegExp][] = [
  ['stop', /\b(stop|cancel|abort|never ?mind|forget (it|about)|leave it|hold off)\b/],
  ['again', /\b(again|retry|re-?run|once more)\b/],
  ['yes', /^(yes|y|yep|yeah|sure|ok|okay|please do|go ahead|go on|do it|proceed|continue)\b/],
  ['no', /^(no|n|nope|nah|not)\b/],
  ['thanks', /\b(thanks|thank you|thx|cheers|perfect|well done)\b/],
]

export const moodOf = (text: string): Mood | null => MOODS.find(([, says]) => says.test(text))?.[0] ?? null

// Whatever begins like this is answered, and never taken for an order.
const ASKING =
  /^(?:(?:hi|hey|hello|ok|okay|so|and|but|deploybot)\b[, ]*)*(what|whats|which|who|when|where|why|how|is|are|was|were|did|does|do (?:you|we|i|they)|has|have|show|list|tell)\b/

const QUESTIONS: [Question, RegExp][] = [
  ['compare', /\b(would (ship|be)|difference|diff|compare|chang(es|ed|elog)|new in)\b/],
  ['tags', /\b(tags|versions|releases)\b/],
  ['live', /\b(live|running|runs|deploy(ed|ments?)?|ship(ped)?|status|current(ly)?)\b/],
]

/** What the text wants to know; null: it is no question. */
export const questionIn = (text: string): Question | null => {
  if (/^(?:please )?(compare|diff|status)\b/.test(text)) return text.includes('status') ? 'live' : 'compare'
  if (/^help\b/.test(text)) return 'help'
  if (/^should\b/.test(text)) return 'help'
  if (!ASKING.test(text)) return null
  return QUESTIONS.find(([, says]) => says.test(text))?.[0] ?? 'help'
}
