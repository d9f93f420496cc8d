/** Everything that the API shows, each shape checked against GitHub's own OpenAPI types. The door through which routes see `shapes/`. */
export { commit, comparison, gitCommit, gitRef, gitTag, iso, tag } from './shapes/commit.ts'
export { deployment, deploymentStatus } from './shapes/deployment.ts'
export { job } from './shapes/job.ts'
export { minimalRepository, repository } from './shapes/repository.ts'
export { runHtmlUrl, runUrl, workflow, workflowRun } from './shapes/run.ts'
export { webhookPayload } from './shapes/webhook.ts'
