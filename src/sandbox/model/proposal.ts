/**
 * What this stand-in can say. It stands for something outside, so it knows the tools only as a prompt describes them;
 * a test proves that each of these is a step.
 */
export type Proposal =
  | { intent: 'done_for_now'; message: string }
  | { intent: 'request_more_information'; question: string }
  | { intent: 'request_human_input'; question: string; context: string; options: Options }
  | { intent: 'wait'; seconds: number; reason: string }
  | { intent: 'list_git_tags' }
  | { intent: 'compare_commits'; base: string; head: string }
  | { intent: 'check_deployment_status' }
  | { intent: 'deploy_backend' | 'deploy_frontend'; tag: string; environment: string }
  | { intent: 'deploy_service' | 'rollback'; service: string; tag: string; environment: string }

export interface Options {
  urgency: 'low' | 'medium'
  format: 'yes_no' | 'multiple_choice'
  choices: string[]
}
