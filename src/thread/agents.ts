import type { Intent } from './step.ts'

const TALK = ['done_for_now', 'nothing_to_do', 'request_more_information', 'request_human_input', 'wait'] as const
const LOOK = ['list_git_tags', 'compare_commits', 'check_deployment_status', 'get_workflow_status'] as const

/**
 * Who can work on a thread: what launches it, and which steps a model may select for it. What a model's own BAML function offers is the
 * same; test/model/step.test.ts holds both together. The steps of a release are selected by plain code (release/turn.ts).
 */
export const AGENTS = {
  deploy: {
    launched_by: 'words',
    union: [...TALK, ...LOOK, 'list_git_commits', 'deploy_backend', 'deploy_frontend', 'deploy_service', 'rollback'],
  },
  rollback: { launched_by: 'words', union: [...TALK, ...LOOK, 'rollback'] },
  release: { launched_by: 'merges', union: [] },
  gate: { launched_by: 'gates', union: [] },
} as const satisfies Record<string, { launched_by: LaunchedBy; union: readonly Intent[] }>

/** Words of a person or of code; pull requests that were merged; or a run that waits at a gate. */
type LaunchedBy = 'words' | 'merges' | 'gates'
export type Agent = keyof typeof AGENTS
/** The agents whose next step a model chooses. */
export type ModelAgent = Extract<Agent, 'deploy' | 'rollback'>
export type IntentOf<A extends Agent> = (typeof AGENTS)[A]['union'][number]

const NAMES = Object.keys(AGENTS) as Agent[]

/** Whether there is such an agent to launch by this. */
export const mayLaunch = (agent: string, by: LaunchedBy): boolean => launchable(by).some((name) => name === agent)

/** The agents that can be launched by this. */
export const launchable = (by: LaunchedBy): Agent[] => NAMES.filter((name) => AGENTS[name].launched_by === by)

/** What `agent` may select: nothing, where there is no such agent. */
export const unionOf = (agent: string): readonly Intent[] => {
  const name = NAMES.find((one) => one === agent)
  return name === undefined ? [] : AGENTS[name].union
}

/** Why `agent` may not select a step of that intent; null: it may. */
export const notItsStep = (intent: Intent, agent: string): string | null => {
  const union = unionOf(agent)
  return union.includes(intent) ? null : `the ${agent} agent has no step ${intent}; it has: ${union.join(', ')}`
}

/** Which of the model's functions a thread of `agent` asks. */
export const modelAgentOf = (agent: string | undefined): ModelAgent => (agent === 'rollback' ? agent : 'deploy')
