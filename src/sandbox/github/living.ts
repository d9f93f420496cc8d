import { type Clock, createClock } from './clock.ts'
import { createFence } from './fence.ts'
import type { Planted } from './organization.ts'
import { openStore } from './store.ts'
import { createSender, type Webhook } from './webhooks.ts'
import type { World } from './world.ts'

/** A repository in which time passes, and which tells of what happens. */
export interface Living {
  world: World
  /** Brings everything to the present, and sends what is owed. */
  wake(): void
  setWebhook(webhook: Webhook): void
  close(): void
}

/** What all repositories of one server share. */
export type Shared = Pick<World, 'worlds' | 'faults' | 'pace' | 'issuer'>

export const bringToLife = (
  planted: Planted,
  shared: Shared,
  { stateFile, webhook }: { stateFile: string | undefined; webhook: Webhook | undefined },
): Living => {
  const { repo, workflows } = planted
  const store = openStore(stateFile, planted)
  const world: World = {
    ...shared,
    repo,
    workflows,
    state: store.state,
    url: '',
    now: Date.now,
    changed() {
      store.save()
      sender.wake()
      clock.set()
      fence.wake()
    },
  }
  const sender = createSender(world, store.save, webhook)
  const clock: Clock = createClock(world)
  const fence = createFence(world)
  return {
    world,
    wake() {
      clock.tick()
      sender.wake()
      fence.wake()
    },
    setWebhook: sender.set,
    close() {
      clock.stop()
      fence.close()
      sender.close()
    },
  }
}
