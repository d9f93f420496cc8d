import type { TSchema } from 'typebox'
import { ProblemBody } from './schemas/answers.ts'

const MEANS: Record<number, string> = {
  400: 'The request is malformed; nothing was changed',
  401: 'No valid token',
  403: 'Not allowed to this caller',
  404: 'No such thread',
  409: 'The thread is past that: answered, expired, superseded or ended',
  422: 'Understood, and impossible; nothing was changed',
  503: 'Too much to do, or no database; nothing was changed: try again after Retry-After',
}

/** The part of a route's schema that documents it: what it is for, its answer, and its problems. */
export const describe = (summary: string, status: number, body: TSchema, ...problems: number[]) => ({
  summary,
  response: {
    [status]: body,
    ...Object.fromEntries(
      [...problems, 503].map((code) => [
        code,
        { description: MEANS[code] ?? '', content: { 'application/problem+json': { schema: ProblemBody } } },
      ]),
    ),
  },
})
