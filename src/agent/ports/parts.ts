/** A part of the outside that this service needs, and how to find out whether it works now. */
export interface Part {
  name: string
  /** What it is and where, in a line; no secrets. */
  what: string
  /** Which of the pulses is its own. */
  pulse: string
  /** What came back, in a line. Rejects with why it does not work. Null: there is no way to ask. */
  check: (() => Promise<string>) | null
}

/** When a part last worked and last failed, as this process saw it since its start. */
export interface Pulse {
  worked_at: string | null
  failed_at: string | null
  why: string | null
  worked: number
  failed: number
}

/** The strings of the sandboxes: what can be made to go wrong, where nothing is real. */
export interface Strings {
  stands: { name: string; url: string }[]
  pulls: { name: string; words: string }[]
  /** Rejects where there is no such string, or the stand-in does not answer. */
  pull(name: string): Promise<void>
}
