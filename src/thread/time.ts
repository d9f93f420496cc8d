/** The ISO time `seconds` after `at`. Times come in as text and go out as text; nothing here reads a clock. */
export const after = (at: string, seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString()

export const afterMs = (at: string, ms: number): string => after(at, ms / 1000)

export const reached = (at: string, moment: string): boolean => Date.parse(at) >= Date.parse(moment)
