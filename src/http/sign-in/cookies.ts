import type { FastifyReply, FastifyRequest } from 'fastify'

type Name = 'session' | 'sign-in' | 'draft'

/** Over https a name that no other host and no plain-text page can set; loopback has no https. */
const nameOf = (name: Name, publicUrl: string): string =>
  publicUrl.startsWith('https:') ? `__Host-deploybot-${name}` : `deploybot-${name}`

export const cookieOf = (request: FastifyRequest, name: Name, publicUrl: string): string | undefined =>
  request.cookies[nameOf(name, publicUrl)]

export const setCookie = (reply: FastifyReply, name: Name, value: string, publicUrl: string): void => {
  reply.setCookie(nameOf(name, publicUrl), value, optionsFor(publicUrl))
}

export const dropCookie = (reply: FastifyReply, name: Name, publicUrl: string): void => {
  reply.clearCookie(nameOf(name, publicUrl), optionsFor(publicUrl))
}

// Lax: GitHub sends the browser back by a link, and a link in a mail must find whoever is signed in. No form of another site is served by it.
const optionsFor = (publicUrl: string) =>
  ({ path: '/', httpOnly: true, secure: publicUrl.startsWith('https:'), sameSite: 'lax' }) as const
