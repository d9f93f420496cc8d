import type { Block, Facts } from './event.ts'

type Shown = Facts & { policy_version: string }

/** What changed since it was shown, in words for the person who is asked again. */
export const differences = (shown: Shown, now: Shown, news: readonly Block[]): string[] => {
  const lines = [
    shown.sha === now.sha ? null : `${now.tag} now points at ${short(now.sha)}; it was ${short(shown.sha)}`,
    shown.live?.sha === now.live?.sha
      ? null
      : `${now.environment} now runs ${live(now)}; it ran ${live(shown)} when this was approved`,
    ...workflows(shown, now),
    shown.gate?.dispatched_by?.dispatch_id === now.gate?.dispatched_by?.dispatch_id
      ? null
      : 'the thread that started this run does not vouch for it any more',
    shown.repository === now.repository ? null : `the repository is now ${now.repository}`,
    shown.policy_version === now.policy_version ? null : 'the deployment policy was changed',
    ...news.map(({ code, message }) => (code === 'frozen' ? `a freeze began: ${message}` : message)),
  ]
  return lines.filter((line) => line !== null)
}

const workflows = (shown: Shown, now: Shown): (string | null)[] => {
  const sameFile = shown.workflow === now.workflow && shown.ref === now.ref
  return [
    shown.workflow === now.workflow ? null : `the workflow is now ${now.workflow}; it was ${shown.workflow}`,
    shown.ref === now.ref ? null : `the workflow runs from ${now.ref}; it was ${shown.ref}`,
    sameFile && shown.workflow_sha !== now.workflow_sha
      ? `the workflow file ${now.workflow} was changed since this was approved`
      : null,
  ]
}

const short = (sha: string): string => sha.slice(0, 7)
const live = (facts: Facts): string => (facts.live ? `${facts.live.tag ?? short(facts.live.sha)}` : 'nothing')
