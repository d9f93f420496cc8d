import type { FastifyReply, FastifyRequest } from 'fastify'
import type { World } from './world.ts'

/** GitHub's own form of a refusal. */
export const refuse = (reply: FastifyReply, status: number, message: string) => {
  reply.code(status)
  return { message, documentation_url: 'https://docs.github.com/rest', status: String(status) }
}

export const notFound = (reply: FastifyReply) => refuse(reply, 404, 'Not Found')

/** The page that was asked for, with the Link header that octokit pages by. */
export const page = <T>(world: World, request: FastifyRequest, reply: FastifyReply, all: T[]): T[] => {
  const query = request.query as Record<string, string | undefined>
  const size = Math.min(Math.max(Number(query['per_page']) || 30, 1), 100)
  const number = Math.max(Number(query['page']) || 1, 1)
  const last = Math.max(Math.ceil(all.length / size), 1)
  const link = (to: number, rel: string) => `<${urlOf(world, request, to)}>; rel="${rel}"`
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev'), link(1, 'first')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
  ]
  if (links.length > 0) reply.header('link', links.join(', '))
  return all.slice((number - 1) * size, number * size)
}

const urlOf = (world: World, request: FastifyRequest, to: number): string => {
  const url = new URL(request.url, world.url)
  url.searchParams.set('page', String(to))
  return url.href
}

/** The part of a path after a `*`. */
export const rest = (request: FastifyRequest): string => (request.params as { '*': string })['*']
export const param = (request: FastifyRequest, name: string): string =>
  (request.params as Record<string, string | undefined>)[name] ?? ''
export const query = (request: FastifyRequest, name: string): string | undefined =>
  (request.query as Record<string, string | undefined>)[name]

/** For calls whose body may be left out, as octokit leaves out an empty one. */
export const mayBeEmpty = async (request: FastifyRequest): Promise<void> => {
  request.body ||= {}
}
