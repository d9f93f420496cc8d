import { expect, expectTypeOf, test } from 'vitest'
import type { Proposed } from '../../src/model/step.ts'
import { readStep } from '../../src/model/step.ts'
import { type IntentOf, type ModelAgent, unionOf } from '../../src/thread/agents.ts'
import type { StepOf } from '../../src/thread/step.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
/** `ref` is a keyword of BAML. */
type Renamed<T> = T extends { git_ref: infer R } ? Omit<T, 'git_ref'> & { ref: R } : T
type Of<T, I> = Extract<T, { intent: I }>
// One by one: a union may hide that two of its members differ.
type Agrees<A extends ModelAgent> = { [I in IntentOf<A>]: Same<Renamed<Of<Proposed[A], I>>, StepOf<I>> }
type Fields<A extends ModelAgent> = { [I in IntentOf<A>]: keyof Renamed<Of<Proposed[A], I>> }

test('the tools of each function in baml_src/ are what src/thread/agents.ts lets that agent select', () => {
  expectTypeOf<keyof Proposed>().toEqualTypeOf<ModelAgent>()
  expectTypeOf<Proposed['deploy']['intent']>().toEqualTypeOf<IntentOf<'deploy'>>()
  expectTypeOf<Agrees<'deploy'>>().toEqualTypeOf<{ [I in IntentOf<'deploy'>]: true }>()
  expectTypeOf<Fields<'deploy'>>().toEqualTypeOf<{ [I in IntentOf<'deploy'>]: keyof StepOf<I> }>()
  expectTypeOf<Proposed['rollback']['intent']>().toEqualTypeOf<IntentOf<'rollback'>>()
  expectTypeOf<Agrees<'rollback'>>().toEqualTypeOf<{ [I in IntentOf<'rollback'>]: true }>()
  expectTypeOf<Fields<'rollback'>>().toEqualTypeOf<{ [I in IntentOf<'rollback'>]: keyof StepOf<I> }>()
})

const options = { urgency: 'high', format: 'multiple_choice', choices: ['a', 'b'] }
const steps: StepOf<IntentOf<'deploy'>>[] = [
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
  expect(readStep(JSON.stringify(step), 'deploy')).toEqual(step)
  expect(readStep(`\n\`\`\`json\n${JSON.stringify(step, null, 2)}\n\`\`\`\n`, 'deploy')).toEqual(step)
})

test.each(steps)('$intent is read for the rollback agent, or refused as not its step', (step) => {
  const read = () => readStep(JSON.stringify(step), 'rollback')
  if (unionOf('rollback').includes(step.intent)) expect(read()).toEqual(step)
  else expect(read).toThrow(expect.objectContaining({ code: 'not_its_step' }))
})

test('the rollback agent cannot deploy, in whatever words', () => {
  expect(steps.map(({ intent }) => intent).filter((intent) => !unionOf('rollback').includes(intent))).toEqual([
    'list_git_commits',
    'deploy_backend',
    'deploy_frontend',
    'deploy_service',
  ])
  for (const intent of ['Deploy_Backend', 'deploy_backend ', 'deploy', 'do_not_rollback', '__proto__']) {
    const written = JSON.stringify({ intent, service: 'backend', tag: 'v1.2.3', environment: 'staging' })
    expect(() => readStep(written, 'rollback')).toThrow(/reply is/)
  }
})

test('what is not given is left out, whether by null or by silence', () => {
  const status = '{"intent":"check_deployment_status","service":null,"environment":"staging"}'
  expect(Object.keys(readStep(status, 'deploy'))).toEqual(['intent', 'environment'])
  const question =
    '{"intent":"request_human_input","question":"x","context":"","options":{"urgency":"low","format":"yes_no"}}'
  expect(readStep(question, 'deploy')).toHaveProperty('options.choices', [])
})
