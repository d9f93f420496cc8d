import AjvCompiler from '@fastify/ajv-compiler'
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'

// One for all servers of a process: compiling the same schemas for each anew was half the CPU of their tests.
const buildValidator = AjvCompiler()

/** A stand-in's server: it takes what it is sent as it is, and ends with all its connections. Not listening yet. */
export const createServer = (options: Pick<FastifyServerOptions, 'bodyLimit'> = {}): FastifyInstance =>
  Fastify({
    forceCloseConnections: true,
    schemaController: { compilersFactory: { buildValidator } },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
    ...options,
  })

/** Listens on loopback: at this port where it is free, so that links of yesterday still open, else at any. Its address. */
export const listen = async (app: FastifyInstance, port: number): Promise<string> => {
  const host = '127.0.0.1'
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!taken) throw error
    return await app.listen({ host, port: 0 })
  }
}
