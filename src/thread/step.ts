import type { Json } from './facts/json.ts'

/** What the model may select next. One line a tool; `model/` proves at compile time that the BAML classes say the same. */
export type Step =
  | { intent: 'done_for_now'; message: string }
  | { intent: 'nothing_to_do'; message: string }
  | { intent: 'request_more_information'; question: string }
  | { intent: 'request_human_input'; question: string; context: string; options: QuestionOptions }
  | { intent: 'wait'; seconds: number; reason: string }
  | { intent: 'list_git_tags' }
  | { intent: 'list_git_commits'; ref: string }
  | { intent: 'compare_commits'; base: string; head: string }
  | { intent: 'check_deployment_status'; service?: string | null; environment?: string | null }
  | { intent: 'get_workflow_status'; workflow_name: string }
  | { intent: 'deploy_backend'; tag: string; environment: string }
  | { intent: 'deploy_frontend'; tag: string; environment: string }
  | { intent: 'deploy_service'; service: string; tag: string; environment: string }
  | { intent: 'rollback'; service: string; tag: string; environment: string }

/** What plain code selects in a release or at a gate, and no model can. */
export type CodeStep =
  | { intent: 'run_tests'; workflow: string; ref: string; service: string; tag: string; environment: string }
  | {
      intent: 'open_gate'
      /** Not there: the team's. */
      repository?: string
      run_id: number
      attempt: number
      workflow: string
      ref: string
      service: string
      sha: string
      environment: string
    }
  | { intent: 'close_gate'; run_id: number; environment: string; reason: string }
  | { intent: 'delegate'; agent: string; message: string; context: { [key: string]: Json } }
export type DelegateStep = Extract<CodeStep, { intent: 'delegate' }>

export interface QuestionOptions {
  urgency: 'low' | 'medium' | 'high'
  format: 'free_text' | 'yes_no' | 'multiple_choice'
  choices: string[]
}

export type Intent = (Step | CodeStep)['intent']
export type StepOf<I extends Intent> = Extract<Step | CodeStep, { intent: I }>

export type ReadIntent =
  | 'list_git_tags'
  | 'list_git_commits'
  | 'compare_commits'
  | 'check_deployment_status'
  | 'get_workflow_status'
export type ReadStep = StepOf<ReadIntent>

export type WriteIntent =
  | 'deploy_backend'
  | 'deploy_frontend'
  | 'deploy_service'
  | 'rollback'
  | 'run_tests'
  | 'open_gate'
export type WriteStep = StepOf<WriteIntent>
