import type { DeployResult } from '../../../thread/event.ts'
import { tagInWords } from '../../../thread/text.ts'
import { inWords } from '../words.ts'
import { aim, type Telling, type Told } from './told.ts'

const proposes = ({ data }: { data: { tag: string; environment: string; service?: string; intent: string } }): Told => {
  const what = [inWords(data.intent), data.service, tagInWords(data.tag)].filter(Boolean).join(' ')
  return { text: `wants to ${what} on ${data.environment}` }
}

const ended = ({ data }: { data: DeployResult }): Told => ({
  text: `${data.status === 'success' ? 'succeeded' : data.status === 'failure' ? 'failed' : 'was cancelled'}: ${aim(data)}`,
  words: data.message,
  talk: true,
  mood: data.status === 'success' ? 'good' : 'bad',
})

const comment = (words: string | undefined): { words?: string } => (words ? { words } : {})

/** Approvals, runs, releases and gates. */
export const TELL_RUNS: Telling = {
  deploy_backend: proposes,
  deploy_frontend: proposes,
  deploy_service: proposes,
  rollback: proposes,
  run_tests: ({ data }) => ({ text: `wants to run ${data.workflow} on ${data.environment}` }),
  open_gate: ({ data }) => ({ text: `asks for the gate of ${data.environment}` }),
  close_gate: ({ data }) => ({ text: `turns the run away from ${data.environment}`, words: data.reason, talk: true }),
  delegate: ({ data }) => ({ text: `hands over to the ${data.agent} agent`, words: data.message, talk: true }),
  approval_requested: ({ data }) => ({ text: `asks for approval: ${aim(data)}?`, talk: true, mood: 'asks' }),
  approval_waived: ({ data }) => ({ text: `needs no approval for ${aim(data)}: ${data.reason}`, talk: true }),
  approval_given: ({ data }) => ({ text: 'approved', ...comment(data.comment), talk: true, mood: 'good' }),
  approval_withdrawn: ({ data }) => ({ text: 'took the approval back', ...comment(data.comment), talk: true }),
  approval_denied: ({ data }) => ({ text: 'rejected', ...comment(data.comment), talk: true, mood: 'bad' }),
  approval_expired: () => ({ text: 'heard nothing in time: the approval expired', talk: true, mood: 'bad' }),
  approval_superseded: ({ data }) => ({
    text: {
      message: 'drops the question: new words came',
      edit: 'changed what is proposed',
      drift: 'drops the question: the world changed',
    }[data.reason],
    ...comment([...(data.changed ?? []), data.comment].filter(Boolean).join('\n')),
    talk: true,
  }),
  tool_started: () => ({ text: 'starts the run', talk: true }),
  dispatch_accepted: ({ data }) => ({
    text: data.run_id === null ? 'accepted the dispatch' : `started run ${data.run_id}`,
  }),
  dispatch_deferred: ({ data }) => ({ text: `tries again later: ${data.reason}` }),
  dispatch_unclear: ({ data }) => ({ text: `did not hear whether it started: ${data.reason}`, mood: 'bad' }),
  dispatch_unknown: ({ data }) => ({ text: 'asks', words: data.question, talk: true, mood: 'asks' }),
  dispatch_claimed: ({ data }) => ({ text: `is claimed by run ${data.run_id}` }),
  run_reported: ({ data }) => ({ text: `run ${data.run_id} is ${inWords(data.conclusion ?? data.status)}` }),
  run_restarted: ({ data }) => ({ text: data.message, mood: 'bad' }),
  run_cancel_requested: ({ data }) => ({ text: data.message }),
  deploy_backend_result: ended,
  deploy_frontend_result: ended,
  deploy_service_result: ended,
  rollback_result: ended,
  run_tests_result: ended,
  open_gate_result: ended,
  close_gate_result: ({ data }) => ({ text: data.message, talk: true }),
  gate_requested: ({ data }) => ({ text: `waits at the gate of ${data.environment}: ${data.title}`, talk: true }),
  pull_request_merged: ({ data }) => ({ text: `merged #${data.number} ${data.title}`, talk: true }),
  release_planned: ({ data }) => ({
    text: `plans ${data.steps.map((step) => `${step.do} ${step.environment}`).join(', ')}`,
    talk: true,
  }),
  restart_offered: ({ data }) => ({ text: 'offers', words: data.question, talk: true, mood: 'asks' }),
  release_finished: ({ data }) => ({ text: inWords(data.outcome), words: data.message, talk: true }),
  merges_handed_on: ({ data }) => ({ text: 'left merges to the next release', thread: data.thread_id }),
  child_launched: ({ data }) => ({ text: `launched the ${data.agent} agent`, thread: data.child_id, talk: true }),
  child_ended: ({ data }) => ({
    text: `heard that it is ${data.status}`,
    words: data.message,
    thread: data.child_id,
    talk: true,
  }),
  child_stopped: ({ data }) => ({ text: data.message }),
  parent_told: () => ({ text: 'told the thread that launched it' }),
}
