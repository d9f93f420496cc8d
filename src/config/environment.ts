import { ConfigError, quote } from './error.ts'

/** The environment's variables, read one by one; what is wrong is gathered and told at once. */
export class Environment {
  readonly #variables: NodeJS.ProcessEnv
  readonly #problems: string[] = []

  constructor(variables: NodeJS.ProcessEnv) {
    this.#variables = variables
  }

  refuse(name: string, why: string): null {
    this.#problems.push(`${name}: ${why}`)
    return null
  }

  /** Null: not set. An empty variable counts as not set, as in every shell script. */
  text(name: string): string | null {
    return this.#variables[name]?.trim() || null
  }

  integer(name: string, fallback: number, least: number, most: number): number {
    const text = this.text(name)
    if (text === null) return fallback
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    this.refuse(name, `${quote(text)} must be a whole number from ${least} to ${most}`)
    return fallback
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const text = this.text(name)
    if (text === null) return fallback
    const found = allowed.find((value) => value === text)
    if (found === undefined) this.refuse(name, `${quote(text)} is none of: ${allowed.join(', ')}`)
    return found ?? fallback
  }

  url(name: string, protocols: string[]): string | null {
    const text = this.text(name)
    if (text === null) return null
    // The value may hold a password: it is not repeated.
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
      return this.refuse(name, `must be a URL that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`)
    }
    return text.replace(/\/$/, '')
  }

  /** For secrets: the value is never repeated. */
  matching(name: string, pattern: RegExp, inWords: string): string | null {
    const text = this.text(name)
    if (text === null || pattern.test(text)) return text
    return this.refuse(name, `must be ${inWords}`)
  }

  /** Joins the problems of another reader to these. */
  collect<T>(read: () => T): T | null {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      this.#problems.push(...error.problems)
      return null
    }
  }

  finish<T extends { policy: unknown }>(config: T): T & { policy: NonNullable<T['policy']> } {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems)
    return config as T & { policy: NonNullable<T['policy']> }
  }
}
