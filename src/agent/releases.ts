import { whoIs } from '../thread/contact/who.ts'
import type { Actor, MergedPull } from '../thread/event.ts'
import { Refused } from '../thread/input.ts'
import type { Policy } from '../thread/policy.ts'
import { releaseLane } from '../thread/release/release.ts'
import { releasedRepositories } from '../thread/repositories.ts'
import { after } from '../thread/time.ts'
import { forEach } from './each.ts'
import { shortened } from './names.ts'
import { Busy, type Door, type Listing, type Log, type Pulls, type Releases, TakenBefore } from './ports.ts'
import { launchOnce } from './threads.ts'

/** Takes merges once, under `key`: into the release that is open, or into a new one. Its id. */
export type Gather = (pulls: MergedPull[], key: string) => Promise<string>

// Each round somebody else's release ended or began in between.
const MOST_ROUNDS = 20

/** One release of a repository at a time: what is merged meanwhile waits in it, and is never dropped and never deployed unseen. */
export const createGather = (door: Door, listing: Pick<Listing, 'soleThread'>, policy: Policy): Gather => {
  const into = async (open: string, pulls: MergedPull[], delivery: Parameters<typeof launchOnce>[2]) => {
    const once = { ...delivery, answer: () => ({ status: 202, body: { thread_id: open } }) }
    try {
      await door.handle(open, { type: 'merged', pulls, actor: actorOf(pulls, policy) }, once)
    } catch (error) {
      if (!(error instanceof TakenBefore)) throw error
    }
    return open
  }
  return async (pulls, key) => {
    const delivery = { source: 'merge', id: shortened(key), body_hash: '' }
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const open = await listing.soleThread(releaseLane(pulls.at(-1) ?? { branch: '' }))
      try {
        if (open !== null) return await into(open, pulls, delivery)
        // It is told of in a comment on the pull request that began it.
        const { number = 0, repository = policy.repository } = pulls.at(-1) ?? {}
        const reply_to = { pull_request: number, repository }
        const launch = { type: 'launch', agent: 'release', message: titleOf(pulls), merged: pulls, reply_to } as const
        return await launchOnce(door, { ...launch, actor: actorOf(pulls, policy) }, delivery)
      } catch (error) {
        // It ended since we looked, or somebody else's began.
        const again = error instanceof Busy || (error instanceof Refused && error.code === 'thread_ended')
        if (!again) throw error
      }
    }
    throw new Error(`no release could be found or begun for ${pulls.length} merges`)
  }
}

/** Merged pull requests, as GitHub's API has them: what a webhook says of one is only why we look. */
export const createReleases = (
  gather: Gather,
  pulls: Pulls,
  { log, listing }: { log: Pick<Log, 'now'>; listing: Pick<Listing, 'newestMerge'> },
  policy: Policy,
): Releases => {
  const { release } = policy
  const repositories = releasedRepositories(policy)
  /** Which repository is said only where it is not the team's: what is in the log from before there were several reads on. */
  const elsewhere = (repository: string) => (repository === policy.repository ? {} : { repository })
  const take = (repository: string, pull: MergedPull): Promise<string> =>
    gather([{ ...pull, ...elsewhere(repository) }], `${repository}#${pull.number}@${pull.sha}`)
  const since = new Map<string, string>()
  /** From the newest merge that any release knows: what was merged before this service came is left alone. */
  const firstSince = async (repository: string, now: string): Promise<string> => {
    const newest = (await listing.newestMerge(elsewhere(repository).repository ?? null)) ?? after(now, -OVERLAP_SECONDS)
    const longAgo = after(now, -LOOK_BACK_SECONDS)
    return newest > longAgo ? newest : longAgo
  }
  return {
    merged: async (repository, number) => {
      if (!release || !repositories.includes(repository)) return null
      const pull = await pulls.merged(repository, number)
      return pull && pull.branch === release.branch ? take(repository, pull) : null
    },

    sweep: async () => {
      if (!release) return
      const now = await log.now()
      await forEach(repositories, async (repository) => {
        const from = since.get(repository) ?? (await firstSince(repository, now))
        const found = await pulls.mergedSince(repository, release.branch, from)
        for (const pull of found) await take(repository, pull)
        since.set(repository, after(now, -OVERLAP_SECONDS))
      })
    },
  }
}

const LOOK_BACK_SECONDS = 7 * 24 * 3600
// GitHub's lists may show a merge a little late.
const OVERLAP_SECONDS = 300

/** The person of deploybot.yaml who merged, so that policy knows who asked for it; else GitHub. */
const actorOf = (pulls: MergedPull[], policy: Policy): Actor => {
  const id = whoIs({ github: pulls.at(-1)?.merged_by ?? null }, policy)
  return id === null ? { kind: 'github' } : { kind: 'person', id, via: 'github merge' }
}

const titleOf = (pulls: MergedPull[]): string => {
  const [{ number, title }] = pulls.slice(-1) as [MergedPull]
  return pulls.length === 1 ? `Release #${number} ${title}` : `Release #${number} ${title} and ${pulls.length - 1} more`
}
