import { describe, expect, test } from 'vitest'
import { createPass, guarded, PLACES, parseFailpoint } from '../../src/agent/failpoint.ts'
import type { Lanes, Log, Model, Ports, Queue, Tools } from '../../src/agent/ports.ts'
import { portsWithFailpoints, storeWithFailpoints } from '../../src/agent/with-failpoints.ts'

describe('a failpoint', () => {
  test('is a place, which time, and what happens', () => {
    expect(parseFailpoint('append:after')).toEqual({ place: 'append:after', nth: 1, action: 'kill' })
    expect(parseFailpoint('dispatch:before:3:pause')).toEqual({ place: 'dispatch:before', nth: 3, action: 'pause' })
  })

  test.each([
    'append',
    'apend:after',
    'append:after:0',
    'append:after:x',
    'append:after:1:die',
    'append:after:1:kill:x',
  ])('%s is none', (text) => expect(parseFailpoint(text)).toBeNull())

  test('there are at least twenty places', () => expect(new Set(PLACES).size).toBeGreaterThanOrEqual(20))

  test('acts the nth time, and then never again', async () => {
    const pass = createPass({ place: 'read:before', nth: 2, action: 'throw' })
    const read = guarded('read', pass, async (n: number) => n + 1)
    expect(await read(1)).toBe(2)
    await expect(read(1)).rejects.toThrow('failpoint read:before')
    expect(await read(1)).toBe(2)
  })

  test('after a call: it was done, and is reported as failed', async () => {
    const done: number[] = []
    const pass = createPass({ place: 'append:after', nth: 1, action: 'throw' })
    const append = guarded('append', pass, async (n: number) => void done.push(n))
    await expect(append(7)).rejects.toThrow('failpoint append:after')
    expect(done).toEqual([7])
  })
})

const nothing = async () => {
  throw new Error('not called')
}
const store = {
  log: { load: nothing, append: nothing, taken: nothing, now: nothing } as Log,
  queue: { claim: async () => ['a'] } as unknown as Queue,
}
const ports: Ports = {
  tools: {} as Tools,
  model: {} as Model,
  channel: { name: 'webhook', deliver: nothing } as Ports['channel'],
  threads: {} as Ports['threads'],
  lanes: {} as Lanes,
}

test('without a failpoint the ports are the very same objects', () => {
  expect(portsWithFailpoints(ports, null)).toBe(ports)
  expect(storeWithFailpoints(store, null).log).toBe(store.log)
})

test('with one, every call comes by its places, and what a port has beside calls stays', async () => {
  const passed: string[] = []
  const { queue } = storeWithFailpoints(store, (place) => passed.push(place))
  expect(await queue.claim(1)).toEqual(['a'])
  expect(passed).toEqual(['claim:before', 'claim:after'])
  expect(portsWithFailpoints(ports, () => {}).channel.name).toBe('webhook')
})
