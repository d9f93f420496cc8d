import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { cached, within } from '../../src/telemetry/cached.ts'

const reading = (ms: number) => {
  const counted = { times: 0 }
  const read = async () => {
    counted.times += 1
    await sleep(ms)
    return counted.times
  }
  return { counted, read }
}

test('a storm of readers costs one reading', async () => {
  const { counted, read } = reading(10)
  const look = cached(read, 1_000)
  expect(await Promise.all(Array.from({ length: 500 }, look))).toEqual(Array(500).fill(1))
  expect(await look()).toBe(1)
  expect(counted.times).toBe(1)
})

test('what is old is read again', async () => {
  const { read } = reading(0)
  const look = cached(read, 20)
  expect(await look()).toBe(1)
  await expect.poll(look, { timeout: 20_000 }).toBeGreaterThan(1)
})

test('what takes long is read seldom', async () => {
  const { read } = reading(20)
  const look = cached(read, 1)
  await look()
  await sleep(50)
  expect(await look()).toBe(1)
})

test('a failure is kept like an answer, and then tried again', async () => {
  let times = 0
  const look = cached(async () => {
    times += 1
    if (times === 1) throw new Error('down')
    return 'up'
  }, 500)
  await expect(look()).rejects.toThrow('down')
  await expect(look()).rejects.toThrow('down')
  expect(times).toBe(1)
  await expect.poll(() => look().catch(() => 'down'), { timeout: 20_000 }).toBe('up')
})

test('what fails or hangs is given up', async () => {
  expect(await within(1_000, Promise.resolve(7))).toBe(7)
  expect(await within(1_000, Promise.reject(new Error('down')))).toBeNull()
  expect(await within(10, new Promise(() => {}))).toBeNull()
})
