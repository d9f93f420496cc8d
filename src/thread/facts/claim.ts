/** A run's own word that it is the one: the first to claim a dispatch goes on, every other is told to stop. */
export type ClaimFact = {
  type: 'dispatch_claimed'
  /** `sha`: the commit that the run takes its workflow file from; not the one that it deploys. */
  data: { dispatch_id: string; run_id: number; attempt: number; sha: string }
}
