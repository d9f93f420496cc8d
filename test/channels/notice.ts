import type { Notice } from '../../src/agent/ports.ts'
import type { Address } from '../../src/thread/contact/address.ts'

/** A notice to be delivered at `address`; what is not said is as dull as can be. */
export const noticeAt = <A extends Address>(address: A, more: Partial<Notice<A>> = {}): Notice<A> => ({
  kind: 'notice',
  thread_id: 't1',
  seq: 6,
  address,
  person: null,
  ref: null,
  tried: false,
  question: null,
  waiting_for: null,
  status: 'running',
  story: { title: 'deploy backend', results: [], approved_by: [], end: null },
  ...more,
})
