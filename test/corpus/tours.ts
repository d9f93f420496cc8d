import type { QuestionOptions } from '../../src/thread/step.ts'
import type { Bot } from './bot.ts'

/** Threads in which the model selects one step after the other, of every kind. */
export const tours = {
  every_service: async (bot: Bot): Promise<string> => {
    await bot.says(
      { intent: 'deploy_service', service: 'frontend', tag: 'v1.2.3', environment: 'staging' },
      { intent: 'rollback', service: 'frontend', tag: 'v1.2.2', environment: 'staging' },
      { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'nowhere' },
      { intent: 'deploy_frontend', tag: 'v1.2.3', environment: 'staging' },
      { intent: 'done_for_now', message: 'That was it.' },
    )
    const id = await bot.launch('deploy, put back, deploy again')
    await bot.untilStatus(id, 'done')
    return id
  },
  looked_around: async (bot: Bot): Promise<string> => {
    const options: QuestionOptions = { urgency: 'low', format: 'multiple_choice', choices: ['yes', 'no'] }
    await bot.says(
      { intent: 'list_git_tags' },
      { intent: 'list_git_commits', ref: 'main' },
      { intent: 'compare_commits', base: 'v1.2.2', head: 'v1.2.3' },
      { intent: 'check_deployment_status', service: 'backend' },
      { intent: 'get_workflow_status', workflow_name: 'deploy-backend.yml' },
      { intent: 'wait', seconds: 1, reason: 'a moment' },
      { intent: 'request_more_information', question: 'Which one?' },
      { intent: 'request_human_input', question: 'Is it urgent?', context: 'Friday', options },
      { intent: 'nothing_to_do', message: 'Nothing to do.' },
    )
    const id = await bot.launch('look around')
    const { seq } = await bot.untilAsked(id, 'human_input')
    await bot.respond(id, seq, { response: 'the <b>blue</b> one' })
    await bot.respond(id, (await bot.untilAsked(id, 'human_input', seq)).seq, { choice: 'no', comment: 'not at all' })
    await bot.untilStatus(id, 'done')
    return id
  },
}
