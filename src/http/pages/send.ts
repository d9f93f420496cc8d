import type { FastifyReply, FastifyRequest } from 'fastify'

/** Whether whoever asks is a browser that shows pages. */
export const wantsPage = ({ headers }: FastifyRequest): boolean => /\btext\/html\b/.test(headers.accept ?? '')

/** Sends HTML, which nobody keeps: it is true at this moment, and for this viewer. */
export const sendPage = (reply: FastifyReply, text: string) =>
  reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('vary', 'accept')
    .serializer(String)
    .send(text)
