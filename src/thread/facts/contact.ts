import type { Address } from '../contact/address.ts'
import type { Json } from './json.ts'

/** Somebody to be told. `person` null: whoever reads at that address. `rung`: the step of the ladder that it was. */
export interface Contact {
  address: Address
  person: string | null
  rung?: number
}

export type ContactFact =
  // Who is to hear of what happened at `to`, beside whoever asked. `next_at`: when the next is called, should nobody have answered.
  | { type: 'contacts_named'; data: { to: number; contacts: Contact[]; next_at: string | null } }
  | {
      type: 'human_contacted'
      data: {
        /** The newest event that they were told of. */
        to: number
        channel: string
        ok: boolean
        message?: string
        /** The name of the address; without one it is where whoever asked is. */
        address?: string
        /** The question that the message is about; without one it is about the thread. */
        about?: number
        person?: string
        /** By what the channel finds the message again. */
        ref?: Json
        /** Under which name a reply comes in. */
        replies_at?: string
        /** When it is tried again; without one, and not `ok`, it is given up. */
        retry_at?: string
      }
    }
