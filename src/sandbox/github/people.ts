import type { Person } from './state.ts'

export const maya: Person = { name: 'Maya Lindqvist', login: 'maya-lindqvist' }
export const tomas: Person = { name: 'Tomás Rey', login: 'tomasrey' }
export const aiko: Person = { name: 'Aiko Tanabe', login: 'aiko-t' }
export const sam: Person = { name: 'Sam Okafor', login: 'samokafor' }

/** Who that is; a login that the shop does not know stands for itself. */
export const person = (login: string): Person =>
  [maya, tomas, aiko, sam].find((one) => one.login === login) ?? { name: login, login }
