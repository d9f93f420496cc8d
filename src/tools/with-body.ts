/** An answer with this body, and with another status or other headers where they are given. octokit wants its address too. */
export const withBody = (
  { status, headers, url }: Response,
  body: string | ArrayBuffer,
  other: { status?: number; headers?: Headers } = {},
): Response => Object.defineProperty(new Response(body, { status, headers, ...other }), 'url', { value: url })
