/** Every request that came, so that a test can count them. The sandbox's own control routes are not among them. */
export interface RequestLog {
  add(method: string, path: string): Logged
  all(): Logged[]
  clear(): []
}

/** `status` 0: not answered (yet). A 304 does not count against GitHub's limit. */
export interface Logged {
  method: string
  path: string
  at: string
  status: number
}

const KEEP = 20_000

export const requestLog = (): RequestLog => {
  let requests: Logged[] = []
  return {
    add(method, path) {
      const one = { method, path, at: new Date().toISOString(), status: 0 }
      requests.push(one)
      if (requests.length > KEEP) requests = requests.slice(-KEEP / 2)
      return one
    },
    all: () => requests,
    clear() {
      requests = []
      return []
    },
  }
}
