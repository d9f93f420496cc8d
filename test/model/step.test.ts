import { expect, expectTypeOf, test } from 'vitest'
import type { Proposed } from '../../src/model/step.ts'
import { readStep } from '../../src/model/step.ts'
import type { Step } from '../../src/thread/step.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
/** `ref` is a keyword of BAML. */
type Renamed<T> = T extends { git_ref: infer R } ? Omit<T, 'git_ref'> & { ref: R } : T
type Of<T, I> = Extract<T, { intent: I }>

test('the tools in baml_src/ and the steps in src/thread/step.ts are the same', () => {
  expectTypeOf<Proposed['intent']>().toEqualTypeOf<Step['intent']>()
  // One by one: a union may hide that two of its members differ.
  expectTypeOf<{ [I in Step['intent']]: Same<Renamed<Of<Proposed, I>>, Of<Step, I>> }>().toEqualTypeOf<{
    [I in Step['intent']]: true
  }>()
  expectTypeOf<{ [I in Step['intent']]: keyof Renamed<Of<Proposed, I>> }>().toEqualTypeOf<{
    [I in Step['intent']]: keyof Of<Step, I>
  }>()
})

const options = { urgency: 'high', format: 'multiple_choice', choices: ['a', 'b'] }
const steps: Step[] = [
  { intent: 'done_for_now', message: 'It says {"intent": "rollback"} [sic] "\\' },
  { intent: 'nothing_to_do', message: 'x' },
  { intent: 'request_more_information', question: 'x?' },
  { intent: 'request_human_input', question: 'x?', context: '', options: options as never },
  { intent: 'wait', seconds: 60, reason: 'x' },
  { intent: 'list_git_tags' },
  { intent: 'list_git_commits', ref: 'main' },
  { intent: 'compare_commits', base: 'v1', head: 'v2' },
  { intent: 'check_deployment_status', service: 'backend' },
  { intent: 'get_workflow_status', workflow_name: 'deploy-backend.yml' },
  { intent: 'deploy_backend', tag: '1.20', environment: 'non-production' },
  { intent: 'deploy_frontend', tag: 'v1.2.3', environment: 'production' },
  { intent: 'deploy_service', service: 'search', tag: 'v1.2.3', environment: 'production' },
  { intent: 'rollback', service: 'backend', tag: 'v1.2.2', environment: 'production' },
]

test.each(steps)('$intent reads as what was written', (step) => {
  expect(readStep(JSON.stringify(step))).toEqual(step)
  expect(readStep(`\n\`\`\`json\n${JSON.stringify(step, null, 2)}\n\`\`\`\n`)).toEqual(step)
})

test('what is not given is left out, whether by null or by silence', () => {
  const status = '{"intent":"check_deployment_status","service":null,"environment":"staging"}'
  expect(Object.keys(readStep(status))).toEqual(['intent', 'environment'])
  const question =
    '{"intent":"request_human_input","question":"x","context":"","options":{"urgency":"low","format":"yes_no"}}'
  expect(readStep(question)).toHaveProperty('options.choices', [])
})
