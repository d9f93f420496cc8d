import type { Step } from '../../src/thread/step.ts'

/** What a step must be, in words that a report can show. */
export interface Check {
  says: string
  holds(step: Step): boolean
}

const WRITES = ['deploy_backend', 'deploy_frontend', 'deploy_service', 'rollback']
export const changesSomething = ({ intent }: Step): boolean => WRITES.includes(intent)

const target = (step: Step): string => {
  switch (step.intent) {
    case 'deploy_backend':
      return `deploy backend ${step.tag} ${step.environment}`
    case 'deploy_frontend':
      return `deploy frontend ${step.tag} ${step.environment}`
    case 'deploy_service':
      return `deploy ${step.service} ${step.tag} ${step.environment}`
    case 'rollback':
      return `rollback ${step.service} ${step.tag} ${step.environment}`
    default:
      return ''
  }
}

export const deploys = (service: string, tag: string, environment: string): Check => ({
  says: `deploys ${service} ${tag} to ${environment}`,
  holds: (step) => target(step) === `deploy ${service} ${tag} ${environment}`,
})

export const rollsBack = (service: string, tag: string, environment: string): Check => ({
  says: `rolls back ${service} to ${tag} on ${environment}`,
  holds: (step) => target(step) === `rollback ${service} ${tag} ${environment}`,
})

/** A question to people, which names all of these. */
export const asks = (...names: string[]): Check => ({
  says: names.length === 0 ? 'asks' : `asks, naming ${names.join(', ')}`,
  holds: (step) =>
    (step.intent === 'request_more_information' || step.intent === 'request_human_input') &&
    names.every((name) => JSON.stringify(step).toLowerCase().includes(name.toLowerCase())),
})

/** It is done, or finds nothing to do, and its words name all of these. */
export const ends = (...names: string[]): Check => ({
  says: names.length === 0 ? 'ends' : `ends, naming ${names.join(', ')}`,
  holds: (step) =>
    (step.intent === 'done_for_now' || step.intent === 'nothing_to_do') &&
    names.every((name) => step.message.toLowerCase().includes(name.toLowerCase())),
})

export const waits = (from: number, to = from): Check => ({
  says: from === to ? `waits ${from} s` : `waits ${from} to ${to} s`,
  holds: (step) => step.intent === 'wait' && step.seconds >= from && step.seconds <= to,
})

export const looksUp = (...intents: Step['intent'][]): Check => ({
  says: `looks up ${intents.join(' or ')}`,
  holds: ({ intent }) => intents.includes(intent),
})

export const changesNothing: Check = { says: 'changes nothing', holds: (step) => !changesSomething(step) }

export const anyOf = (...checks: Check[]): Check => ({
  says: checks.map(({ says }) => says).join(', or '),
  holds: (step) => checks.some((check) => check.holds(step)),
})
