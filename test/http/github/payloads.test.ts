import published from '@octokit/webhooks-examples' with { type: 'json' }
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyText } from '../../support/any-text.ts'
import { policy } from '../../thread/spec.ts'
import { comment, open, world } from './support.ts'

const examples = (published as unknown as { name: string; examples: object[] }[]).flatMap(({ name, examples: all }) =>
  all.map((payload) => ({ name, payload })),
)

let app: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  const it = world()
  it.comment = comment('/deploy backend to staging')
  // The repository and branch that the payloads are about, so that they get past the first question.
  const release = policy.release && { ...policy.release, branch: 'master' }
  app = await open(
    {
      ...it.deps,
      policy: { ...policy, repository: 'Codertocat/Hello-World', release },
      releases: { merged: async () => null },
    },
    afterAll,
  )
})

test('every published payload is taken without a fault', async () => {
  expect(examples).toHaveLength(329)
  for (const { name, payload } of examples) {
    const { status } = await app.send(name, payload)
    expect([name, status]).toEqual([name, 200])
  }
})

const awkward = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1e300,
    2 ** 53,
    '',
    '\u0000',
    '\ud800',
    '__proto__',
    [],
    {},
    '/deploy \u0000\ud800 backend',
    'x'.repeat(70_000),
    'created',
    'closed',
  ),
  anyText({ maxLength: 40 }),
)
const LISTENED = [
  'workflow_run',
  'workflow_job',
  'deployment_status',
  'deployment_protection_rule',
  'pull_request',
  'push',
  'create',
  'issue_comment',
  'installation',
  'ping',
]
const heard = examples.filter(({ name }) => LISTENED.includes(name))

/** A payload with one to three of its values replaced or gone, told as what it is or as something else. */
const mutated = fc
  .record({
    example: fc.constantFrom(...heard, ...heard, ...examples),
    places: fc.array(fc.tuple(fc.nat(), fc.option(awkward, { nil: undefined })), { minLength: 1, maxLength: 3 }),
    name: fc.option(fc.constantFrom(...LISTENED), { freq: 3, nil: null }),
  })
  .map(({ example, places, name }) => {
    const payload = structuredClone(example.payload) as Record<string, unknown>
    for (const [at, value] of places) replace(payload, at, value)
    // Others would hear of a pull request only where its comment is on one.
    if (example.name === 'issue_comment' && typeof payload['issue'] === 'object' && payload['issue'] !== null) {
      Object.assign(payload['issue'], { pull_request: {} })
    }
    return { name: name ?? example.name, payload }
  })

const replace = (payload: Record<string, unknown>, at: number, value: unknown): void => {
  const places: [Record<string, unknown>, string][] = []
  const walk = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > 3) return
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key])
      walk((node as Record<string, unknown>)[key], depth + 1)
    }
  }
  walk(payload, 0)
  const [node, key] = places[at % Math.max(1, places.length)] ?? []
  if (node && key !== undefined) node[key] = value
}

test('nor does any that is a little wrong make one', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, async ({ name, payload }) => {
      const { status, body } = await app.send(name, payload)
      expect(status).toBeLessThan(500)
      if (status >= 400) expect(body).toMatchObject({ code: expect.any(String), status })
    }),
    { numRuns: 600 },
  )
})
