import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'
import { notFound, page, param, refuse } from '../answers.ts'
import { resolveRef } from '../graph.ts'
import { startRun } from '../runs.ts'
import { runHtmlUrl, runUrl, workflow } from '../shapes.ts'
import { findWorkflow, type WorkflowFile } from '../workflows.ts'
import type { World } from '../world.ts'

const NewDispatch = Type.Object({
  ref: Type.String(),
  inputs: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  return_run_details: Type.Optional(Type.Boolean()),
})
type NewDispatch = Static<typeof NewDispatch>

/** Workflow files and the one POST that starts a run. */
export const workflowRoutes = (app: FastifyInstance, world: World): void => {
  const base = `/repos/${world.repo.fullName}/actions/workflows`
  app.get(base, (request, reply) => ({
    total_count: world.workflows.length,
    workflows: page(world, request, reply, [...world.workflows]).map((file) => workflow(world, file)),
  }))

  app.get(`${base}/:workflow`, (request, reply) => {
    const file = findWorkflow(world, param(request, 'workflow'))
    return file ? workflow(world, file) : notFound(reply)
  })

  app.post<{ Body: NewDispatch }>(
    `${base}/:workflow/dispatches`,
    { schema: { body: NewDispatch } },
    (request, reply) => {
      const file = findWorkflow(world, param(request, 'workflow'))
      return file ? dispatch(world, file, request.body, reply) : notFound(reply)
    },
  )
}

const dispatch = (world: World, file: WorkflowFile, body: NewDispatch, reply: FastifyReply) => {
  const inputs = Object.fromEntries(Object.entries(body.inputs ?? {}).map(([key, value]) => [key, String(value)]))
  const commit = resolveRef(world.state, body.ref)
  if (!commit) return refuse(reply, 422, `No ref found for: ${body.ref}`)
  const wrong = wrongInputs(file, inputs)
  if (wrong) return refuse(reply, 422, wrong)
  const run = startRun(world, { workflow: file, branch: body.ref, commit, inputs })
  world.changed()
  if (!body.return_run_details) {
    reply.code(204)
    return null
  }
  return { workflow_run_id: run.id, run_url: runUrl(world, run.id), html_url: runHtmlUrl(world, run.id) }
}

const wrongInputs = (file: WorkflowFile, inputs: Record<string, string>): string | undefined => {
  const names = Object.keys(inputs)
  if (names.length > 25) return 'you may only define up to 25 `inputs` for a `workflow_dispatch` event'
  if (JSON.stringify(inputs).length > 65_535) return 'inputs are too large.'
  const unknown = names.filter((name) => !file.inputs[name])
  if (unknown.length > 0) return `Unexpected inputs provided: ${JSON.stringify(unknown)}`
  const missing = Object.entries(file.inputs).find(([name, { required }]) => required && !inputs[name])
  return missing && `Required input '${missing[0]}' not provided`
}
