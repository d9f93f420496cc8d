import type { WriteIntent } from './step.ts'

/** The team's own rules: what deploybot.yaml says, checked and with every default filled in. */
export interface Policy {
  /** Hash of the rules below: an approval given under other rules is void. */
  version: string
  repository: string
  services: Record<string, { workflow: string; ref: string }>
  environments: Record<string, EnvironmentPolicy>
  people: Record<string, PersonPolicy>
}

export interface EnvironmentPolicy {
  approvals: number
  approvers: string[]
  self_approval: boolean
  /** The environment where this very SHA must have succeeded before. */
  after: string | null
  expires_after_seconds: number
}

export interface PersonPolicy {
  github?: string
  github_team?: string
  slack?: string
  email?: string
  phone?: string
}

/** What a write step aims at, in the team's terms. */
export interface Target {
  intent: WriteIntent
  repository: string
  workflow: string
  ref: string
  service: string
  environment: string
  tag: string
  after: string | null
}
