type Code = 'no_binaries' | 'no_user' | 'data_directory' | 'start_failed'

/** Why the embedded Postgres cannot run here: one line that says what to do. */
export class EmbeddedPostgresError extends Error {
  readonly code: Code
  constructor(code: Code, message: string) {
    super(`embedded Postgres: ${message}`)
    this.code = code
  }
}
