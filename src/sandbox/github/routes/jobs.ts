import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound, param } from '../answers.ts'
import { attemptOf } from '../attempts.ts'
import { jobLog } from '../joblog.ts'
import { htmlUrl } from '../shapes/repository.ts'
import { jobs } from '../shapes.ts'
import type { World } from '../world.ts'
import { visible, visibleRun } from './runs.ts'

/** The jobs of a run, and what they wrote. */
export const jobRoutes = (app: FastifyInstance, world: World): void => {
  const base = `/repos/${world.repo.fullName}/actions`
  const find = (request: FastifyRequest) => {
    const attempts = visible(world).flatMap((run) => [...(run.earlier ?? []), run])
    const all = attempts.flatMap((run) => jobs(world, run).map((job) => ({ run, job })))
    return all.find(({ job }) => String(job.id) === param(request, 'job'))
  }

  app.get(`${base}/runs/:run/attempts/:attempt/jobs`, (request, reply) => {
    const run = visibleRun(world, param(request, 'run'))
    const attempt = run && attemptOf(run, Number(param(request, 'attempt')))
    if (!attempt) return notFound(reply)
    const all = jobs(world, attempt)
    return { total_count: all.length, jobs: all }
  })
  app.get(`${base}/jobs/:job`, (request, reply) => find(request)?.job ?? notFound(reply))

  // The text lies elsewhere, with a signature in its address; it is there once the job has ended.
  app.get(`${base}/jobs/:job/logs`, (request, reply) => {
    const found = find(request)
    if (found?.job.status !== 'completed') return notFound(reply)
    return reply.redirect(`${htmlUrl(world)}/_logs/${found.job.id}.txt?sig=sandbox`, 302)
  })
  app.get(`/${world.repo.fullName}/_logs/:job.txt`, (request, reply) => {
    const found = find(request)
    if (!found || request.headers.authorization) return reply.code(403).send('AuthenticationFailed')
    const text = Buffer.from(jobLog(found.run, found.job))
    reply.type('text/plain; charset=utf-8').header('accept-ranges', 'bytes')
    return part(text, request.headers.range, reply)
  })
}

/** Like the store behind GitHub it knows `bytes=from-to` and `bytes=from-`; any other range gives the whole. */
const part = (text: Buffer, range: string | undefined, reply: FastifyReply): Buffer => {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  if (from === undefined) return text
  const end = Math.min(to ? Number(to) + 1 : text.length, text.length)
  reply.code(206).header('content-range', `bytes ${from}-${end - 1}/${text.length}`)
  return text.subarray(Number(from), end)
}
