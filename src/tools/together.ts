import { RequestError } from 'octokit'
import type { Repo } from './github.ts'
import { isGraphqlError } from './graphql-errors.ts'

/** What is asked of a repository: its variables (`, $tag: String!`), what stands in `repository { … }`, and the values. */
export interface Question {
  variables: string
  fields: string
  values: Record<string, unknown>
}

interface Asked extends Question {
  resolve(answer: unknown): void
  reject(error: unknown): void
}

// All of them wait for one answer, and GitHub gives up after 10 s of computing one.
const MOST = 4

const waiting = new WeakMap<Repo['graphql'], Map<string, Asked[]>>()

/**
 * Questions about one repository that come in the same moment leave as one request: a thread's own, and those of threads that go on
 * together. Each leaves after it was asked, so nobody hears what was true before.
 */
export const askTogether = (repo: Repo, question: Question): Promise<unknown> => {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const asked = { ...question, resolve, reject }
  const lists = waiting.get(repo.graphql) ?? new Map<string, Asked[]>()
  waiting.set(repo.graphql, lists)
  const key = `${repo.owner}/${repo.repo}`
  const open = lists.get(key)
  if (open && open.length < MOST) open.push(asked)
  else leave(repo, lists, key, [asked])
  return promise
}

const leave = (repo: Repo, lists: Map<string, Asked[]>, key: string, list: Asked[]): void => {
  lists.set(key, list)
  setImmediate(() => {
    if (lists.get(key) === list) lists.delete(key)
    void send(repo, list)
  })
}

/** Where something is wrong with one of them, or they are too much together, each is asked by itself. */
const send = async (repo: Repo, list: Asked[]): Promise<void> => {
  try {
    const answers = await answersOf(repo, list)
    for (const [index, { resolve }] of list.entries()) resolve(answers[nameOf(index)])
  } catch (error) {
    if (list.length > 1 && (isGraphqlError(error) || brokeDown(error))) for (const one of list) void send(repo, [one])
    else for (const { reject } of list) reject(error)
  }
}

const brokeDown = (error: unknown): boolean =>
  error instanceof RequestError && error.response !== undefined && error.status >= 500

const answersOf = ({ graphql, owner, repo }: Repo, list: Question[]): Promise<Record<string, unknown>> => {
  const parts = list.map(apart)
  const variables = parts.map((part) => part.variables).join('')
  const fields = parts.map(
    (part, index) => `${nameOf(index)}: repository(owner: $owner, name: $name) { ${part.fields} }`,
  )
  const query = `query ($owner: String!, $name: String!${variables}) { ${fields.join(' ')} }`
  return graphql(query, Object.assign({ owner, name: repo }, ...parts.map((part) => part.values)))
}

const nameOf = (index: number): string => (index === 0 ? 'repository' : `repository${index}`)

/** With variables of its own. */
const apart = ({ variables, fields, values }: Question, index: number): Question => {
  if (index === 0) return { variables, fields, values }
  const named = (text: string): string => text.replace(/\$\w+/g, (variable) => `${variable}_${index}`)
  return {
    variables: named(variables),
    fields: named(fields),
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [`${name}_${index}`, value])),
  }
}
