import type { Policy } from '../thread/policy.ts'
import { quote } from './error.ts'
import type { DeploybotYaml } from './yaml-schema.ts'

type At = (path: string[]) => string

const PROBES = ['', 'v1.2.3', 'production', '3ff4aef2f493047cfc539eaa9778903837654779']

/** Patterns of what is redacted: that compile, and do not fit what everything here is named by. */
export const redactProblems = ({ redact = [] }: DeploybotYaml, at: At): string[] =>
  redact.flatMap((source, i) => {
    const why = fault(source)
    return why === null ? [] : [`${at(['redact', String(i)])}: ${quote(source)} ${why}`]
  })

const fault = (source: string): string | null => {
  try {
    const pattern = new RegExp(source, 'u')
    const hit = PROBES.find((probe) => pattern.test(probe))
    return hit === undefined ? null : `fits ${hit === '' ? 'the empty text' : quote(hit)}, and so nearly everything`
  } catch (error) {
    return `is no regular expression: ${error instanceof Error ? error.message.replace(/^.*: /, '') : 'it does not compile'}`
  }
}

/** What the team says of its model and its texts; not there where it says nothing. */
export const modelOf = ({ redact, rules, model }: DeploybotYaml): Pick<Policy, 'redact' | 'rules' | 'model'> => ({
  ...(model === undefined ? {} : { model }),
  ...(redact === undefined ? {} : { redact }),
  ...(rules === undefined ? {} : { rules: rules.map((rule) => rule.trim()) }),
})
