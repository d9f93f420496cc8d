/** Who is told of what, and whether they were. */
export const CONTACTS = {
  contacts_named: { to: 'number', contacts: 'array', next_at: 'string?' },
  human_contacted: { to: 'number', channel: 'string', ok: 'boolean' },
} as const
