export type Scope = 'read' | 'ask' | 'approve' | 'operate'
export interface Token {
  id: string
  name: string
  scopes: Scope[]
  /** A key of `people`; without one the token can never approve. */
  person: string | null
}

/** Bearer tokens: only their SHA-256 is stored. */
export interface Tokens {
  create(token: {
    name: string
    scopes: Scope[]
    person: string | null
    expires_in_days: number
  }): Promise<{ id: string; secret: string }>
  /** Null: unknown, expired or revoked. */
  find(secret: string): Promise<Token | null>
  list(): Promise<(Token & { created_at: string; expires_at: string; revoked_at: string | null })[]>
  revoke(id: string): Promise<boolean>
}
