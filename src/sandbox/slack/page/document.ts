import type { FastifyReply } from 'fastify'
import { type Html, html } from '../../html.ts'

/** A whole page. Scripts and styles come from here alone, and never from within the page. */
export const document = (reply: FastifyReply, title: string, body: Html): FastifyReply => {
  const page = html`<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} (sandbox Slack)</title>
<link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script></head>
<body>${body}</body></html>`
  return reply.type('text/html; charset=utf-8').headers(HEADERS).send(`<!doctype html>\n${page.markup}`)
}

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}
