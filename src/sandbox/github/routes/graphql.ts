import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { check } from '../graphql/check.ts'
import { parse } from '../graphql/parse.ts'
import { run } from '../graphql/run.ts'
import { root } from '../graphql/things.ts'
import { QueryError } from '../graphql/tokens.ts'
import type { World } from '../world.ts'

const Asked = Type.Object({
  query: Type.String(),
  variables: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})

/** GitHub's GraphQL, as far as deploybot asks of it. Whatever else is asked is refused in GitHub's own form: by 200, with errors. */
export const graphqlRoutes = (app: FastifyInstance, world: World): void => {
  const answer = ({ query, variables = {} }: Static<typeof Asked>) => {
    try {
      const parsed = parse(query)
      check(parsed, variables)
      return run(root(world), parsed, variables)
    } catch (error) {
      if (!(error instanceof QueryError)) throw error
      const { code, path, message } = error
      return { errors: [{ path, extensions: { code }, locations: [{ line: 1, column: 1 }], message }] }
    }
  }
  // Enterprise Server has it beside /api/v3.
  for (const path of ['/graphql', '/api/graphql'])
    app.post<{ Body: Static<typeof Asked> }>(path, { schema: { body: Asked } }, ({ body }) => answer(body))
}
