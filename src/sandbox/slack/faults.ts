/** What can be made to go wrong with calls of the Web API. Each fault is used up by the calls that it hits. */
export type Fault = { times: number; method: string } & (
  | { do: 'rate_limit'; retry_after: number }
  | { do: 'error'; error: string }
  /** With `accept` Slack does what it was asked, and the answer is lost. */
  | { do: 'status'; status: number; accept: boolean }
  | { do: 'hang'; ms: number; accept: boolean }
)

/** Takes the first fault that is meant for this method (`*`: for any), and counts it down. */
export const takeFault = (faults: Fault[], method: string): Fault | undefined => {
  const fault = faults.find((one) => one.method === '*' || one.method === method)
  if (!fault) return undefined
  fault.times -= 1
  if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1)
  return fault
}
