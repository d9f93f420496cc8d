/** What can be made to go wrong. Each fault is used up by the requests that it hits. */
export type Fault = { times: number; method: string; path: string } & (
  | { do: 'drop'; accept: boolean }
  | { do: 'answer'; accept: boolean; status: number; message: string; retry_after?: number; rate_limited?: boolean }
  | { do: 'delay'; ms: number }
)

/** What befalls the next dispatched run. */
interface RunFault {
  conclusion?: 'failure' | 'cancelled' | 'timed_out'
  job?: string
  step?: string
  /** It runs, but lists and look-ups do not show it for so long. */
  hidden_ms?: number
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
