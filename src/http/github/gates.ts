import Type from 'typebox'
import { askGitHub } from './ask.ts'
import { ignored, type Listener, NOT_OURS, ours, partOf, Repository } from './heard.ts'

const GateNews = Type.Object({ deployment_callback_url: Type.String(), repository: Repository })

const CALLBACK = /\/actions\/runs\/(\d{1,15})\/deployment_protection_rule$/

/**
 * A gated environment asks: the run that stands before it is in the address that the answer goes to. Where it waits, and for whom, is
 * read from the API, and each is taken once by what it is. Should this be lost, the sweep for gates finds it.
 */
export const deploymentProtectionRule: Listener = async (heard, { policy, gates }) => {
  const { deployment_callback_url: url, repository: named } = partOf(GateNews, heard)
  const repository = ours(named, policy)
  if (repository === null) return NOT_OURS
  const [, run] = CALLBACK.exec(url) ?? []
  if (run === undefined) return ignored('no run is named')
  const thread_ids = await askGitHub(() => gates.asked(repository, Number(run)))
  if (thread_ids.length === 0) return ignored('nothing waits for us there')
  heard.log.info({ thread_ids, delivery_id: heard.delivery, run_id: Number(run) }, 'a run waits at a gate')
  return { ok: true }
}
