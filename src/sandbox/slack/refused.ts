/** Slack's own way to say no: a code that programs read, and for blocks where the mistake is. */
export class Refused extends Error {
  readonly code: string
  readonly problems: string[]

  constructor(code: string, problems: string[] = []) {
    super(problems[0] ? `${code}: ${problems[0]}` : code)
    this.code = code
    this.problems = problems
  }
}

/** The body of a refusal, in which Slack tells the reasons twice. */
export const refusal = ({ code, problems }: Pick<Refused, 'code' | 'problems'>) => ({
  ok: false as const,
  error: code,
  ...(problems.length > 0 && {
    errors: problems,
    response_metadata: { messages: problems.map((one) => `[ERROR] ${one}`) },
  }),
})
