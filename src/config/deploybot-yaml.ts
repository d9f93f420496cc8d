import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import canonicalize from 'canonicalize'
import { Value } from 'typebox/value'
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { EnvironmentPolicy, Policy } from '../thread/policy.ts'
import { secondsIn } from '../thread/time.ts'
import { ConfigError, quote } from './error.ts'
import { explain } from './explain.ts'
import { freezesOf, problemsOf } from './freeze.ts'
import { freshProblems } from './fresh.ts'
import { jobRulesOf } from './jobs.ts'
import { modelOf, redactProblems } from './model-yaml.ts'
import { escalationOf, notifyOf, notifyProblems } from './notify.ts'
import { releaseOf, releaseProblems } from './release.ts'
import { repositoryProblems, servicesOf } from './repositories.ts'
import { scheduleProblems, schedulesOf } from './schedules.ts'
import { DeploybotYaml } from './yaml-schema.ts'

/** Reads the team's rules from `file`. Throws ConfigError with one line a problem: file:line, path, value, what is allowed. */
export const readPolicy = (file: string): Policy => {
  const lines = new LineCounter()
  const document = parseDocument(textOf(file), { lineCounter: lines, strict: true, uniqueKeys: true })
  if (document.errors.length > 0)
    throw new ConfigError(
      document.errors.map(({ message, pos }) => `${file}:${lines.linePos(pos[0]).line}: ${message.split('\n', 1)[0]}`),
    )
  const at = (path: string[]): string => `${file}:${lineOf(document, path, lines)}: ${path.join('.') || 'the file'}`
  const value: unknown = document.toJS()
  if (!Value.Check(DeploybotYaml, value)) throw new ConfigError(explain(value, at))
  const looks = [
    repositoryProblems,
    inconsistencies,
    releaseProblems,
    scheduleProblems,
    notifyProblems,
    redactProblems,
    freshProblems,
  ]
  const problems = looks.flatMap((look) => look(value, at))
  if (problems.length > 0) throw new ConfigError(problems)
  return policyOf(value)
}

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new ConfigError([`${file}: cannot be read (${code}); set DEPLOYBOT_CONFIG to another file, or write one`])
  }
}

/** The line of the key or item at `path`, or of the nearest thing above it. */
const lineOf = (document: Document, path: string[], lines: LineCounter): number => {
  let node: unknown = document.contents
  let offset = 0
  for (const key of path) {
    if (isSeq(node)) {
      node = node.items[Number(key)]
      offset = isNode(node) ? (node.range?.[0] ?? offset) : offset
      continue
    }
    if (!isMap(node)) break
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
    if (!pair || !isScalar(pair.key)) break
    offset = pair.key.range?.[0] ?? offset
    node = pair.value
  }
  return lines.linePos(offset).line
}

type At = (path: string[]) => string

const inconsistencies = ({ environments, people }: DeploybotYaml, at: At): string[] =>
  Object.entries(environments).flatMap(
    ([name, { approvals, approvers = [], after, break_glass = [], freeze = [] }]) => {
      const path = ['environments', name]
      return [
        ...strangers('approvers', approvers, path, people, at),
        ...strangers('break_glass', break_glass, path, people, at),
        ...freeze.flatMap(problemsOf).map((problem) => `${at([...path, 'freeze'])}: ${problem}`),
        ...(approvals > new Set(approvers).size
          ? [
              `${at([...path, 'approvals'])}: ${approvals} approvals need at least as many approvers; there are ${approvers.length}`,
            ]
          : []),
        ...(after !== undefined && !Object.hasOwn(environments, after)
          ? [
              `${at([...path, 'after'])}: there is no environment ${quote(after)}; there are: ${Object.keys(environments).join(', ')}`,
            ]
          : []),
        ...(comesAfterItself(name, environments)
          ? [`${at([...path, 'after'])}: ${name} would have to come after itself`]
          : []),
      ]
    },
  )

const strangers = (key: string, ids: string[], path: string[], people: DeploybotYaml['people'], at: At): string[] => {
  const known = Object.keys(people)
  return ids
    .filter((id) => !known.includes(id))
    .map((id) => `${at([...path, key])}: ${quote(id)} is not in people; there are: ${known.join(', ')}`)
}

const comesAfterItself = (name: string, environments: DeploybotYaml['environments']): boolean => {
  const seen = new Set<string>()
  let before = environments[name]?.after
  while (before !== undefined && !seen.has(before)) {
    if (before === name) return true
    seen.add(before)
    before = environments[before]?.after
  }
  return false
}

const policyOf = (yaml: DeploybotYaml): Policy => {
  const { repository, environments, people } = yaml
  const rules = {
    repository,
    services: servicesOf(yaml),
    environments: mapValues(
      environments,
      ({
        approvals,
        approvers = [],
        self_approval = false,
        after = null,
        expires_after = '60m',
        busy,
        freeze,
        break_glass,
        author_approval,
        email_code,
        fresh_sign_in,
      }): EnvironmentPolicy => ({
        approvals,
        approvers: [...new Set(approvers)],
        self_approval,
        after,
        expires_after_seconds: secondsIn(expires_after),
        // Only where they are said: rules that say nothing of them keep their version, and approvals under them stay good.
        ...(busy === undefined ? {} : { busy }),
        ...(freeze === undefined ? {} : { freeze: freeze.flatMap(freezesOf) }),
        ...(author_approval === undefined ? {} : { author_approval }),
        ...(email_code === undefined ? {} : { email_code }),
        ...(fresh_sign_in === undefined ? {} : { fresh_sign_in_seconds: secondsIn(fresh_sign_in) }),
        ...(break_glass === undefined ? {} : { break_glass: [...new Set(break_glass)] }),
      }),
    ),
    people,
  }
  const version = createHash('sha256')
    .update(canonicalize(rules) ?? '')
    .digest('hex')
    .slice(0, 12)
  // Approvals bind to the rules that they were given under; how a release goes, and who may ask, are none of them.
  const escalation = escalationOf(yaml)
  return {
    version,
    ...rules,
    release: releaseOf(yaml),
    schedules: schedulesOf(yaml),
    actions: jobRulesOf(yaml),
    notify: notifyOf(yaml),
    ...(yaml.judge === undefined ? {} : { judge: yaml.judge }),
    ...(yaml.email ? { email: { allow: [], ...yaml.email } } : {}),
    ...(escalation === undefined ? {} : { escalation }),
    ...modelOf(yaml),
  }
}

const mapValues = <A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
