/** An account at GitHub, as GitHub itself says. The number stays when the name is changed. */
export interface Account {
  id: number
  login: string
}

/** Signing in with GitHub (OAuth with PKCE). */
export interface SignIn {
  /** Where the browser is sent; it comes back to `back` with a code and the `state`. */
  begin(ask: { back: string; state: string; challenge: string }): string
  /** Whose code that is. Null: it was used, is too old, or is none. Throws ToolError. */
  end(answer: { code: string; verifier: string; back: string }): Promise<Account | null>
}
