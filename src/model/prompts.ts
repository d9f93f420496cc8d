import { BamlCtxManager, BamlRuntime, type ClientRegistry, type HTTPRequest } from '@boundaryml/baml'
import type { Prompt } from '../agent/ports.ts'

/** Builds the request that asks for the next step, from prompts that are not those of this build. */
export type BuildRequest = (prompt: Prompt, clients: ClientRegistry) => Promise<HTTPRequest>

const FUNCTIONS = { deploy: 'DetermineNextStep', rollback: 'DetermineRollbackStep' } as const

/**
 * Prompts of BAML sources that are read now, to try them before they are built in. Only what is sent is theirs: replies are read by the
 * tools of this build, so a tool that the new sources add is no step. Throws where they do not compile.
 */
export const promptsOf = (files: Record<string, string>): BuildRequest => {
  const runtime = BamlRuntime.fromFiles('baml_src', files, {})
  const context = new BamlCtxManager(runtime)
  return ({ agent, setup, thread }, clients) =>
    runtime.buildRequest(FUNCTIONS[agent], { setup, thread }, context.cloneContext(), undefined, clients, false, {})
}
