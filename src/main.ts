import { enableCompileCache } from 'node:module'

// Compiling what has not changed since the last start is half of the next one: 0.35 s of 0.7 s.
enableCompileCache()
await import('./start.ts')
