/** By what somebody is known on a channel. */
export type LinkedIdentity = { slack: string } | { email: string }

/** Somebody says that they are a person of deploybot.yaml; and whether that person said so too. */
export type LinkFact =
  | { type: 'identity_claimed'; data: { identity: LinkedIdentity; person: string } }
  | { type: 'identity_linked'; data: { identity: LinkedIdentity; person: string } }
