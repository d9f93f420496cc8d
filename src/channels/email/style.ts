import type { Tone } from './letter.ts'

/** The stripe at the top, readable on white and on black. */
export const COLOURS: Record<Tone, string> = {
  ask: '#1f5fd6',
  loud: '#d92d20',
  good: '#12905a',
  bad: '#d92d20',
  plain: '#98a2b3',
}

/** Only what is different in the dark: the rest is inline. `!important` because inline styles come first. */
export const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #0f1319 !important; color: #e8ebf0 !important; }
  .card { background: #181d26 !important; }
  .head { color: #ffffff !important; }
  .quiet { color: #a4aebd !important; }
  .fact { border-color: #333b48 !important; }
  .words { background: #242b37 !important; border-color: #667085 !important; }
  .link { color: #8fb4ff !important; }
  .button { background: #3b78ea !important; color: #ffffff !important; }
  .alert { background: #c4321f !important; color: #ffffff !important; }
}
`
