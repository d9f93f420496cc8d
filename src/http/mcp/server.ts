import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv'
import { Value } from 'typebox/value'
import { toProblem } from '../errors.ts'
import { ToolRefused } from './api.ts'
import { TOOLS, type Tooling } from './tools.ts'

const INSTRUCTIONS = `Deploybot deploys services through GitHub Actions. Ask in plain words with launch_deployment, then look with thread_status.
Whatever changes a guarded environment is approved by a person, on the page that thread_status names; no tool here approves.`

// It compiles schemas that servers like this one never use: made once, not for every request.
const jsonSchemaValidator = new AjvJsonSchemaValidator()

interface Answer {
  status: number
  headers: Record<string, string>
  text: string
}

/** Answers one request, whose body has been read. Nothing is kept of it, so that any replica may answer the next one. */
export const answer = async (request: Request, parsedBody: unknown, tooling: Tooling): Promise<Answer> => {
  const server = createServer(tooling)
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  await server.connect(transport)
  try {
    const answered = await transport.handleRequest(request, { parsedBody })
    return { status: answered.status, headers: Object.fromEntries(answered.headers), text: await answered.text() }
  } finally {
    await server.close()
  }
}

const createServer = (tooling: Tooling): Server => {
  const info = { name: 'deploybot', version: '1' }
  const server = new Server(info, { capabilities: { tools: {} }, instructions: INSTRUCTIONS, jsonSchemaValidator })
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: LISTED }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => call(params.name, params.arguments ?? {}, tooling))
  return server
}

const LISTED = Object.entries(TOOLS).map(([name, { title, description, input, output, hints }]) => ({
  name,
  title,
  description,
  inputSchema: input,
  outputSchema: output,
  annotations: { ...hints, openWorldHint: true },
}))

const call = async (name: string, args: unknown, tooling: Tooling): Promise<CallToolResult> => {
  try {
    const structuredContent = await run(name, args, tooling)
    return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent }
  } catch (error) {
    const { code, message } = error instanceof ToolRefused ? error : toProblem(error)
    // As text alone: clients hold structured content against the tool's schema also where it tells of an error (seen with SDK 1.32).
    return { content: [{ type: 'text', text: JSON.stringify({ code, detail: message }) }], isError: true }
  }
}

const run = (name: string, args: unknown, tooling: Tooling): Promise<Record<string, unknown>> => {
  if (!Object.hasOwn(TOOLS, name)) throw new ToolRefused('unknown_tool', 'there is no such tool')
  const tool = TOOLS[name as keyof typeof TOOLS]
  const [wrong] = Value.Errors(tool.input, args)
  if (wrong) {
    const why = wrong.keyword === 'boolean' ? 'is not known' : wrong.message
    throw new ToolRefused('invalid_request', `arguments${wrong.instancePath} ${why}`)
  }
  return tool.call(args as never, tooling)
}
