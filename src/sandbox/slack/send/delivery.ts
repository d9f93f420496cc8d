import { newId, type World } from '../world.ts'
import { type Acknowledgement, type Outgoing, post } from './post.ts'

/** One signed request, and how the app acknowledged it. */
export interface Delivery extends Acknowledgement {
  id: string
  kind: 'event' | 'interaction' | 'command'
  /** `app_mention`, `block_actions`, `/deploybot` … */
  type: string
  team: string
  event_id: string | null
  /** 0: the first time. */
  retry: number
  body: string
  at: number
}

export type Parcel = Pick<Delivery, 'kind' | 'type' | 'team' | 'body'> & {
  event_id?: string
  retry?: number
  headers?: Record<string, string>
}

const KEPT = 1_000

/** Sends it once, and writes down how that went. */
export const deliver = async (world: World, parcel: Parcel): Promise<Delivery> => {
  const { headers, event_id = null, retry = 0, ...rest } = parcel
  const id = newId(world, 'delivery-')
  const at = world.now()
  const acknowledgement = await post(world, { ...addressed(world, parcel), ...(headers && { headers }) })
  const delivery = { ...rest, event_id, retry, id, at, ...acknowledgement }
  world.deliveries.push(delivery)
  if (world.deliveries.length > KEPT) world.deliveries.shift()
  world.changed()
  return delivery
}

const addressed = ({ urls }: World, { kind, body }: Parcel): Outgoing => {
  const form = 'application/x-www-form-urlencoded'
  switch (kind) {
    case 'event':
      return { url: urls?.events, body, type: 'application/json' }
    case 'interaction':
      return { url: urls?.interactions, body, type: form }
    case 'command':
      return { url: urls?.commands, body, type: form }
  }
}
