/** Every request that came, so that a test can count them. The sandbox's own control routes are not among them. */
export interface RequestLog {
  add(method: string, path: string): void
  all(): { method: string; path: string; at: string }[]
  clear(): []
}

const KEEP = 20_000

export const requestLog = (): RequestLog => {
  let requests: { method: string; path: string; at: string }[] = []
  return {
    add(method, path) {
      requests.push({ method, path, at: new Date().toISOString() })
      if (requests.length > KEEP) requests = requests.slice(-KEEP / 2)
    },
    all: () => requests,
    clear() {
      requests = []
      return []
    },
  }
}
