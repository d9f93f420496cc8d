import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Html, html } from '../../html.ts'
import { param, rest } from '../answers.ts'
import { compare, resolve } from '../graph.ts'
import { layout } from '../html.ts'
import { job } from '../shapes.ts'
import type { CommitRecord } from '../state.ts'
import { workflowOf } from '../workflows.ts'
import type { World } from '../world.ts'

/** What a person sees who clicks on a link: less than on GitHub, but true. */
export const pageRoutes = (app: FastifyInstance, world: World): void => {
  app.get('/', (_request, reply) => show(reply, 'Sandbox GitHub', home(world)))
  app.get(`/${world.repo.fullName}`, (_request, reply) => show(reply, world.repo.fullName, home(world)))
  app.get(`/${world.repo.fullName}/actions/runs/:run`, (request, reply) => {
    const run = world.state.runs.find(({ id }) => String(id) === param(request, 'run'))
    if (!run) return show(reply, 'No such run', html`<p>The sandbox has no run ${param(request, 'run')}.</p>`, 404)
    const told = job(world, run)
    const steps = told.steps.map((step) => html`<li>${step.name}: ${step.conclusion ?? step.status}</li>`)
    const inputs = Object.entries(run.inputs).map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)
    const body = html`<p>Sandbox run ${run.id} of ${workflowOf(run.workflow).name}: <b>${told.conclusion ?? told.status}</b>.
      Nothing was deployed anywhere.</p><dl>${inputs}</dl><h2>${told.name}</h2><ol>${steps}</ol>`
    return show(reply, run.title, body)
  })
  app.get(`/${world.repo.fullName}/commit/:sha`, (request, reply) => {
    const commit = resolve(world.state, param(request, 'sha'))
    if (!commit) return show(reply, 'No such commit', html`<p>The sandbox has no such commit.</p>`, 404)
    return show(
      reply,
      commit.sha.slice(0, 7),
      html`<pre>${commit.message}</pre><p>${commit.author.name}, ${commit.sha}</p>`,
    )
  })
  app.get(`/${world.repo.fullName}/pull/:number`, (request, reply) => {
    const number = param(request, 'number')
    const pull = world.state.pulls.find((one) => String(one.number) === number)
    if (!pull) return show(reply, 'No such pull request', html`<p>The sandbox has no pull request ${number}.</p>`, 404)
    const state = pull.merged ? `merged by ${pull.merged.by.name}` : pull.closed_at === null ? 'open' : 'closed'
    const files = pull.files.map(({ filename }) => html`<li>${filename}</li>`)
    const body = html`<p>${pull.author.name}: <b>${state}</b></p><p>${pull.body ?? ''}</p><ul>${files}</ul>`
    return show(reply, `${pull.title} #${number}`, body)
  })
  app.get(`/${world.repo.fullName}/compare/*`, (request, reply) => {
    const [from, to] = rest(request)
      .split('...')
      .map((name) => resolve(world.state, name))
    const found = from && to && compare(world.state, from, to)
    if (!found) return show(reply, 'Nothing to compare', html`<p>The sandbox does not know both of them.</p>`, 404)
    const body = html`<p>${found.ahead.length} ahead, ${found.behind.length} behind.</p><ol>${lines(world, found.ahead.toReversed())}</ol>`
    return show(reply, rest(request), body)
  })
}

const show = (reply: FastifyReply, title: string, body: Html, status = 200): string => {
  reply.code(status).type('text/html; charset=utf-8')
  reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
  return layout(title, body)
}

const lines = (world: World, commits: CommitRecord[]): Html[] =>
  commits.map(
    ({ sha, message, author }) =>
      html`<li><a href="/${world.repo.fullName}/commit/${sha}">${sha.slice(0, 7)}</a> ${message.split('\n')[0] ?? ''} (${author.name})</li>`,
  )

const home = (world: World): Html => {
  const runs = world.state.runs.slice(-20).reverse()
  const list = runs.map(
    ({ id, title, status }) =>
      html`<li><a href="/${world.repo.fullName}/actions/runs/${id}">${title}</a>: ${status}</li>`,
  )
  return html`<p>A stand-in for GitHub: the repository ${world.repo.fullName}, with ${world.state.commits.length} commits.</p>
    <h2>Latest runs</h2><ol>${list}</ol>`
}
