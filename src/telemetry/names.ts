/** Names of OpenTelemetry's GenAI semantic conventions v1.41.1 (status: Development, so they may still change). */
export const GEN_AI = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  conversation: 'gen_ai.conversation.id',
  outputType: 'gen_ai.output.type',
  agentName: 'gen_ai.agent.name',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  toolName: 'gen_ai.tool.name',
  toolType: 'gen_ai.tool.type',
  toolCallId: 'gen_ai.tool.call.id',
} as const

export const OPERATION = { agent: 'invoke_agent', chat: 'chat', tool: 'execute_tool' } as const

/** The general conventions' names. */
export const COMMON = {
  errorType: 'error.type',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  serviceName: 'service.name',
  serviceInstance: 'service.instance.id',
} as const

/** Ours: there is no convention for these. */
export const OURS = {
  launch: 'deploybot.launch',
  approval: 'deploybot.approval',
  approvalSeq: 'deploybot.approval.seq',
  approvalOutcome: 'deploybot.approval.outcome',
  approvalIntent: 'deploybot.approval.intent',
  approvalService: 'deploybot.approval.service',
  approvalEnvironment: 'deploybot.approval.environment',
  question: 'deploybot.question',
  questionSeq: 'deploybot.question.seq',
  questionOutcome: 'deploybot.question.outcome',
  dispatch: 'deploybot.dispatch',
  dispatchId: 'deploybot.dispatch.id',
  dispatchOutcome: 'deploybot.dispatch.outcome',
  dispatchRun: 'deploybot.dispatch.run_id',
  dispatchService: 'deploybot.dispatch.service',
  dispatchEnvironment: 'deploybot.dispatch.environment',
  contact: 'deploybot.contact',
  promptHash: 'deploybot.prompt.hash',
} as const

/** What the conventions call the providers that we call otherwise. */
export const PROVIDERS: Record<string, string> = {
  'azure-openai': 'azure.ai.openai',
  'google-ai': 'gcp.gemini',
  'vertex-ai': 'gcp.vertex_ai',
  'aws-bedrock': 'aws.bedrock',
}
