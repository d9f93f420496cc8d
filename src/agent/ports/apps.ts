/** A GitHub App that was just made, with all that is needed to be it. GitHub shows this once. */
export interface NewApp {
  id: number
  name: string
  /** Its own page at GitHub. */
  url: string
  private_key: string
  /** Null: it was made without webhooks. */
  webhook_secret: string | null
}

export interface Apps {
  /** Exchanges the code that GitHub sends back with. Null: the code was used, is too old, or is none. Throws ToolError. */
  convert(code: string): Promise<NewApp | null>
}
