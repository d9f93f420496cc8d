import { type Args, FieldError, type Found, type Thing } from './run.ts'

/** A part of a list, as GitHub shows it: never without a limit, and at most a hundred. */
export const connection =
  (name: string, type: string, all: (args: Args) => (Thing | null)[]) =>
  (args: Args): Found => {
    const { first, after } = args
    if (typeof first !== 'number') {
      const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`
      throw new FieldError('MISSING_PAGINATION_BOUNDARIES', message)
    }
    if (first > 100) {
      const message = `Requesting ${first} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`
      throw new FieldError('EXCESSIVE_PAGINATION', message)
    }
    const items = all(args)
    const from = typeof after === 'string' ? Number(after) : 0
    const end = from + first
    const pageInfo: Thing = {
      type: 'PageInfo',
      fields: { endCursor: () => String(Math.min(end, items.length)), hasNextPage: () => end < items.length },
    }
    const fields = { nodes: () => items.slice(from, end), totalCount: () => items.length, pageInfo: () => pageInfo }
    return { type, fields }
  }
