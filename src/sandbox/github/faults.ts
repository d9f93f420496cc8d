/** What can be made to go wrong. Each fault is used up by the requests that it hits. */
export type Fault = { times: number; method: string; path: string } & (
  | { do: 'drop'; accept: boolean }
  | { do: 'answer'; accept: boolean; status: number; message: string; retry_after?: number; rate_limited?: boolean }
  | { do: 'delay'; ms: number }
)

/** What befalls the next run that is dispatched, or run again; of those that a `workflow`, `environment` or `service` names, where they do. */
export interface RunFault extends Partial<RunTarget> {
  conclusion?: 'success' | 'failure' | 'cancelled' | 'timed_out'
  job?: string
  step?: string
  /** Its jobs, one after the other. Without: the one of its workflow file. */
  jobs?: string[]
  /** What the failing step prints before its error. */
  log?: string
  /** It runs, but lists and look-ups do not show it for so long. */
  hidden_ms?: number
}

export interface RunTarget {
  workflow: string
  environment: string
  service: string
}

type WebhookMode = 'normal' | 'twice' | 'reversed' | 'off'

export interface Faults {
  requests: Fault[]
  runs: RunFault[]
  webhooks: WebhookMode
}

export const noFaults = (): Faults => ({ requests: [], runs: [], webhooks: 'normal' })

/** Takes the first fault that is meant for this request, and counts it down. */
export const takeFault = (faults: Faults, method: string, path: string): Fault | undefined => {
  const fault = faults.requests.find((one) => one.method === method && path.includes(one.path))
  if (!fault) return undefined
  fault.times -= 1
  if (fault.times <= 0) faults.requests.splice(faults.requests.indexOf(fault), 1)
  return fault
}

/** The first fault that is meant for such a run, used up by it. */
export const takeRunFault = (faults: Faults, run: Partial<RunTarget>): RunFault => {
  const keys = ['workflow', 'environment', 'service'] as const
  const index = faults.runs.findIndex((fault) => keys.every((key) => !fault[key] || fault[key] === run[key]))
  return (index >= 0 && faults.runs.splice(index, 1)[0]) || {}
}
