import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AppDeps } from '../../deps.ts'
import { remembered } from '../../remembered.ts'
import { sendPage } from '../send.ts'
import { type Query, threadsPage } from './threads.ts'

const LIMIT = 50
// More than this many in one status is many.
const MOST_COUNTED = 1_000
const COUNTS_MS = 500

/** Answers with the list as a page. The counts are asked for once for everybody who looks at the same moment. */
export const createListPage = ({ listing, overview, policy }: Pick<AppDeps, 'listing' | 'overview' | 'policy'>) => {
  const counts = remembered(COUNTS_MS, () => overview.counts(MOST_COUNTED))
  return async (given: Query, { viewer }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const query = filled(given)
    const [{ threads, cursor }, counted] = await Promise.all([listing.list({ ...query, limit: LIMIT }), counts()])
    return sendPage(reply, threadsPage({ threads, cursor, counts: counted, most: MOST_COUNTED, query, viewer, policy }))
  }
}

/** What a form leaves empty is not looked for. */
const filled = (given: Query): Query =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value.trim() !== ''))
