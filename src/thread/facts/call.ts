/** What one model call cost and which prompt it was. */
export interface ModelCall {
  model: string
  prompt_hash: string
  input_tokens: number
  output_tokens: number
  ms: number
  /** Of the input's tokens, those that the provider had from before; not there where it does not say. */
  cached_tokens?: number
  /** By the prices in deploybot.yaml, in their currency; null: no price is known. Here and below: not in logs from before. */
  cost?: number | null
  /** How the provider says that writing ended; null: there was no answer. */
  finish?: string | null
}

/** What a second model has against a step: an opinion for people, which decides nothing and which no approval binds to. */
export interface Doubt {
  level: 'low' | 'medium' | 'high'
  text: string
  model: string
}

/** That a second model was asked about a step, and what it said. It stands in the event that the step led to. */
export interface Opinion {
  doubt?: Doubt
  /** `failed`: why it said nothing that counts. Not there where it had said so before. */
  judged?: ModelCall & { failed?: string }
}
