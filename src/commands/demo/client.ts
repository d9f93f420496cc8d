import { setTimeout as sleep } from 'node:timers/promises'
import type { Event } from '../../thread/event.ts'
import type { ThreadView } from '../../thread/view.ts'

/** The few calls of the HTTP API that the demo makes, as any client would. */
export const createClient = (url: string) => {
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const init = body
      ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : {}
    const answer = await patiently(() => fetch(`${url}${path}`, init))
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return {
    launch: (message: string) => call<ThreadView>('/threads', { message }),
    list: async (agent: string) => (await call<{ threads: { id: string }[] }>(`/threads?agent=${agent}`)).threads,
    thread: (id: string) => call<ThreadView>(`/threads/${id}`),
    eventsAfter: async (id: string, seq: number) =>
      (await call<{ events: Event[] }>(`/threads/${id}/events?after=${seq}`)).events,
    respond: (id: string, answer: { to: number; approved: boolean; comment?: string }) =>
      call(`/threads/${id}/responses`, answer),
    isUp: () =>
      fetch(`${url}/health`).then(
        (answer) => answer.ok,
        () => false,
      ),
  }
}

const PATIENCE_MS = 20_000
const PAUSE_MS = 500

/** A machine that is busy, as at a start, turns requests away for a moment, and has taken none of them. */
const patiently = async (ask: () => Promise<Response>): Promise<Response> => {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(PAUSE_MS)) {
    const answer = await ask()
    if (answer.status !== 503 || Date.now() > deadline) return answer
  }
}

export type Client = ReturnType<typeof createClient>
