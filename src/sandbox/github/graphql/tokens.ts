/** What is wrong with a query, in the form in which GitHub says it. */
export class QueryError extends Error {
  readonly code: string
  readonly path: string[]
  constructor(code: string, message: string, path: string[] = []) {
    super(message)
    this.code = code
    this.path = path
  }
}

/** A text of GraphQL, word by word. */
export interface Tokens {
  peek(): string | undefined
  /** Takes the next word; with `wanted`, only that one. */
  take(wanted?: string): string
  /** Takes the next word if it is this one. */
  skip(word: string): boolean
}

const WORD = /\.\.\.|[!$()[\]{}:=@|]|"(?:[^"\\\n]|\\.)*"|-?\d+|[_A-Za-z]\w*/g
const IGNORED = /[\s,]+|#.*/g

export const tokens = (text: string): Tokens => {
  const words = text.replace(/#.*/g, '').match(WORD) ?? []
  const strange = text.replace(WORD, '').replace(IGNORED, '')
  if (strange) throw new QueryError('parseError', `Parse error on ${JSON.stringify(strange.slice(0, 20))}`)
  let at = 0
  const take = (wanted?: string): string => {
    const word = words[at]
    at += 1
    if (word === undefined) throw new QueryError('parseError', 'Unexpected end of document')
    if (wanted !== undefined && word !== wanted)
      throw new QueryError('parseError', `Expected ${JSON.stringify(wanted)}, actual: ${JSON.stringify(word)}`)
    return word
  }
  return {
    peek: () => words[at],
    take,
    skip: (word) => words[at] === word && take() === word,
  }
}
