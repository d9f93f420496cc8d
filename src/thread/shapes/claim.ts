/** Which run a dispatch belongs to, as that run itself says. */
export const CLAIMS = {
  dispatch_claimed: { dispatch_id: 'string', run_id: 'number', attempt: 'number', sha: 'string' },
} as const
