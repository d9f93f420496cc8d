import type { FastifyInstance } from 'fastify'

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
