import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound, page, param, query, refuse } from '../answers.ts'
import { attemptOf } from '../attempts.ts'
import { rerun } from '../reruns.ts'
import { cancelRun } from '../runs.ts'
import { jobs, workflowRun } from '../shapes.ts'
import type { RunRecord } from '../state.ts'
import { findWorkflow } from '../workflows.ts'
import type { World } from '../world.ts'

/** Runs: by workflow or all, one, its attempts and jobs, stopping it and running it again. */
export const runRoutes = (app: FastifyInstance, world: World): void => {
  const base = `/repos/${world.repo.fullName}/actions`
  const find = (request: FastifyRequest): RunRecord | undefined => visibleRun(world, param(request, 'run'))

  app.get(`${base}/runs`, (request, reply) => list(world, request, reply, visible(world)))

  app.get(`${base}/workflows/:workflow/runs`, (request, reply) => {
    const file = findWorkflow(world, param(request, 'workflow'))?.file
    if (!file) return notFound(reply)
    return list(
      world,
      request,
      reply,
      visible(world).filter((run) => run.workflow === file),
    )
  })

  app.get(`${base}/runs/:run`, (request, reply) => {
    const run = find(request)
    return run ? workflowRun(world, run) : notFound(reply)
  })

  app.get(`${base}/runs/:run/jobs`, (request, reply) => {
    const run = find(request)
    if (!run) return notFound(reply)
    const all = jobs(world, run)
    return { total_count: all.length, jobs: all }
  })

  app.get(`${base}/runs/:run/attempts/:attempt`, (request, reply) => {
    const run = find(request)
    const attempt = run && attemptOf(run, Number(param(request, 'attempt')))
    return attempt ? workflowRun(world, attempt) : notFound(reply)
  })

  app.post(`${base}/runs/:run/rerun`, (request, reply) => {
    const run = find(request)
    if (!run) return notFound(reply)
    if (!rerun(world, run)) return refuse(reply, 403, 'This workflow run is still in progress')
    world.changed()
    reply.code(201)
    return {}
  })

  app.post(`${base}/runs/:run/cancel`, (request, reply) => {
    const run = find(request)
    if (!run) return notFound(reply)
    if (!cancelRun(world, run)) return refuse(reply, 409, 'Cannot cancel a workflow run that is completed.')
    world.changed()
    reply.code(202)
    return {}
  })
}

/** GitHub can show a run later than it starts it. */
export const visible = (world: World): RunRecord[] => world.state.runs.filter((run) => run.visible_at <= world.now())

/** From the newest on: those are asked for. */
export const visibleRun = ({ state, now }: World, id: string): RunRecord | undefined =>
  state.runs.findLast((run) => run.id === Number(id) && run.visible_at <= now())

const list = (world: World, request: FastifyRequest, reply: FastifyReply, runs: RunRecord[]) => {
  const event = query(request, 'event') ?? 'workflow_dispatch'
  const status = query(request, 'status')
  const created = createdFilter(query(request, 'created'))
  const matching = runs
    .filter((run) => event === 'workflow_dispatch' && created(run.created_at))
    .filter((run) => !status || run.status === status || (run.status === 'completed' && run.conclusion === status))
    .reverse()
  return {
    total_count: matching.length,
    workflow_runs: page(world, request, reply, matching).map((run) => workflowRun(world, run)),
  }
}

/** `>=2026-02-19T10:00:00Z`, `<…`, `a..b`: GitHub's date search, to the second. */
const createdFilter = (filter: string | undefined): ((at: number) => boolean) => {
  if (!filter) return () => true
  const [from, to] = filter.split('..')
  if (from && to) return (at) => second(at) >= Date.parse(from) && second(at) <= Date.parse(to)
  const [, sign, date = ''] = /^(>=|<=|>|<)?(.*)$/.exec(filter) ?? []
  const bound = Date.parse(date)
  if (sign === '>=') return (at) => second(at) >= bound
  if (sign === '<=') return (at) => second(at) <= bound
  if (sign === '>') return (at) => second(at) > bound
  return sign === '<' ? (at) => second(at) < bound : (at) => second(at) === bound
}

const second = (at: number): number => Math.floor(at / 1000) * 1000
