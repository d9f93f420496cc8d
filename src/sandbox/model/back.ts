import type { Heard } from './understand.ts'
import { released, type Story } from './wish.ts'

/** Words as the rollback agent hears them: it has one verb, and an order to deploy is nothing that it can do. */
export const onlyBack = (story: Story, heard: Heard): Heard => {
  if (story.known.agent !== 'rollback') return heard
  const isOpen = story.open.length > 0
  if (heard.leaves) return isOpen ? heard : { ...heard, ...NAMELESS, mood: 'stop' }
  // "deploy v1.2.1 instead" answers what is proposed; without that it is an order for the other agent.
  if (heard.verb === 'deploy' && !isOpen) return { ...heard, ...NAMELESS, verb: null }
  const isAbout = heard.verb !== null || heard.services.length + heard.tags.length + heard.environments.length > 0
  return isAbout ? { ...heard, verb: 'rollback' } : heard
}

const NAMELESS = { services: [], tags: [], environments: [] }

/** "leave it" is about the service that was proposed; the others that were deployed with it are still to be decided. */
export const leave = (story: Story, { services, leaves }: Heard): Story => {
  const isLeft = (service: string | null, index: number) =>
    leaves === 'all' || (services.length > 0 ? service !== null && services.includes(service) : index === 0)
  const left = story.open.filter(({ service }, index) => isLeft(service, index))
  const open = story.open.filter((wish) => !left.includes(wish))
  return { ...released({ ...story, open }), proposed: false, asks: null, left: [...story.left, ...left] }
}
