/** The start is refused: each line names what is wrong, where, and what is allowed. */
export class ConfigError extends Error {
  readonly code = 'bad_configuration'
  readonly problems: string[]
  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** Shows a wrong value without letting it fill the screen. */
export const quote = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
