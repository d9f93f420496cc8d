/** What a person may say of a dispatch whose fate is unknown. */
export const FATES = { ran: 'it ran', again: 'it did not run: dispatch again', stop: 'stop here' } as const
