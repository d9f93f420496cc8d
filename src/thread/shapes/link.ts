/** Who somebody on a channel is. */
export const LINKS = {
  identity_claimed: { identity: 'object', person: 'string' },
  identity_linked: { identity: 'object', person: 'string' },
} as const
