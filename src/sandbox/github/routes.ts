import type { FastifyInstance } from 'fastify'
import type { RequestLog } from './requests.ts'
import { appRoutes } from './routes/app.ts'
import { commentRoutes } from './routes/comments.ts'
import { commitRoutes } from './routes/commits.ts'
import { contentRoutes } from './routes/contents.ts'
import { controlRoutes } from './routes/control.ts'
import { commentControlRoutes } from './routes/control-comments.ts'
import { peopleControlRoutes } from './routes/control-people.ts'
import { pullControlRoutes } from './routes/control-pulls.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { gateRoutes } from './routes/gates.ts'
import { graphqlRoutes } from './routes/graphql.ts'
import { hookRoutes } from './routes/hooks.ts'
import { jobRoutes } from './routes/jobs.ts'
import { manifestRoutes } from './routes/manifest.ts'
import { oidcRoutes } from './routes/oidc.ts'
import { pageRoutes } from './routes/pages.ts'
import { peopleRoutes } from './routes/people.ts'
import { pullRoutes } from './routes/pulls.ts'
import { refRoutes } from './routes/refs.ts'
import { repositoryRoutes } from './routes/repository.ts'
import { rewriteRoutes } from './routes/rewrite.ts'
import { runRoutes } from './routes/runs.ts'
import { workflowRoutes } from './routes/workflows.ts'
import type { World } from './world.ts'

const git = [graphqlRoutes, repositoryRoutes, refRoutes, commitRoutes, pullRoutes, commentRoutes]
const actions = [workflowRoutes, runRoutes, jobRoutes, gateRoutes, oidcRoutes, deploymentRoutes]
const others = [hookRoutes, appRoutes, manifestRoutes, peopleRoutes, pageRoutes]
const strings = [rewriteRoutes, contentRoutes, pullControlRoutes, commentControlRoutes, peopleControlRoutes]

/** Everything that the stand-in answers. */
export const routes = (app: FastifyInstance, world: World, requests: RequestLog): void => {
  for (const add of [...git, ...actions, ...others, ...strings]) add(app, world)
  controlRoutes(app, world, requests)
}
