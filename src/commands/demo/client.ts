import type { Event } from '../../thread/event.ts'
import type { ThreadView } from '../../thread/view.ts'

/** The few calls of the HTTP API that the demo makes, as any client would. */
export const createClient = (url: string) => {
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const init = body
      ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : {}
    const answer = await fetch(`${url}${path}`, init)
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

export type Client = ReturnType<typeof createClient>
