import { BamlRuntime, ClientRegistry, type HTTPRequest } from '@boundaryml/baml'
import type { b } from '#baml'
import { getBamlFiles } from '#baml/sources'

export interface HttpRequest {
  url: string
  method: string
  headers: Record<string, string>
  body: string
}

/** What BAML is to ask, and how. Strings in `options` are ours; what comes from outside is in `values`, which BAML takes as they are. */
export interface BamlClient {
  provider: string
  values: Record<string, string>
  options: Record<string, unknown>
}

/** BAML's sources by name. */
export type Sources = Record<string, string>

/** The request by which a function of BAML's asks. No network. */
export type BuildRequest = (name: keyof typeof b.request, args: Record<string, string>) => Promise<HttpRequest>

const NAME = 'Served'

/**
 * The requests of one client. It is written into the sources: one that is registered at run time is made anew for each request, and with
 * it an HTTP client which nobody uses and which reads all certificates of the machine. That took 4 to 10 ms of computing, this takes 0.4.
 */
export const requestsOf = (client: BamlClient, sources: Sources = getBamlFiles()): BuildRequest => {
  const runtime = compiled({ ...sources, 'served.baml': sourceOf(client) })
  const context = runtime.createContextManager()
  const served = new ClientRegistry()
  served.setPrimary(NAME)
  const values = Object.fromEntries(Object.entries(client.values).map(([name, value]) => [variable(name), value]))
  return async (name, args) =>
    httpRequestOf(await runtime.buildRequest(name, args, context.deepClone(), undefined, served, false, values))
}

/** Throws where they do not compile. */
export const compiled = (sources: Sources): BamlRuntime => BamlRuntime.fromFiles('baml_src', sources, {})

const sourceOf = ({ provider, values, options }: BamlClient): string => {
  const given = Object.keys(values).map((name) => `${name} env.${variable(name)}`)
  return `client<llm> ${NAME} {\n provider ${provider}\n options ${block([...given, ...pairs(options)])}\n}\n`
}

const variable = (name: string): string => name.toUpperCase()
const block = (lines: string[]): string => `{\n${lines.join('\n')}\n}`
const pairs = (of: object): string[] => Object.entries(of).map(([name, value]) => `${name} ${written(value)}`)
const written = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? block(pairs(value)) : JSON.stringify(value)

/** What BAML would send, for us to send. */
const httpRequestOf = ({ url, method, headers, body }: HTTPRequest): HttpRequest => ({
  url,
  method,
  headers: cleanHeaders(headers),
  body: body.text(),
})

/** Without BAML's notes to itself and without the header of a key that is not set. */
const cleanHeaders = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name, String(value).trim()] as const)
      .filter(([name, value]) => !name.startsWith('baml-') && value !== '' && value !== 'Bearer'),
  )
