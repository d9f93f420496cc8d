const PLACE = { service: 'string?', environment: 'string', reason: 'string' } as const

/** What keeps deployments apart, or away. */
export const GUARDS = {
  turn_awaited: { to: 'number', service: 'string', environment: 'string', held_by: 'object', until: 'string' },
  glass_broken: { to: 'number', by: 'string', reason: 'string', blocked: 'array' },
  environment_locked: { ...PLACE, until: 'string?' },
  environment_unlocked: PLACE,
} as const
