import { expect, test } from 'vitest'
import { createHosts } from '../../src/agent/hosts.ts'

/** Hosts by a clock that only a test moves. */
const hosts = () => {
  let now = 0
  const { pauseOf, report } = createHosts(() => now)
  const fail = (count: number, host = 'a'): void => {
    for (let i = 0; i < count; i++) report(host, true)
  }
  return { pauseOf, report, fail, pass: (ms: number) => (now += ms) }
}

test('a host that failed a few times is still called', async () => {
  const { pauseOf, fail } = hosts()
  fail(4)
  expect(await pauseOf('a')).toBe(0)
})

test('a host that failed five times in a row is left alone, and no other', async () => {
  const { pauseOf, fail, pass } = hosts()
  fail(5)
  expect(await pauseOf('a')).toBe(1_000)
  expect(await pauseOf('b')).toBe(0)
  pass(400)
  expect(await pauseOf('a')).toBe(600)
})

test('an answer in between starts the count again', async () => {
  const { pauseOf, report, fail } = hosts()
  fail(4)
  report('a', false)
  fail(4)
  expect(await pauseOf('a')).toBe(0)
})

test.each([
  ['and go on when it is answered', false, [0, 0]],
  ['and go on waiting when it fails', true, [2_000, 2_000]],
])('after the pause one call finds out; the others wait for it, %s', async (_, down, expected) => {
  const { pauseOf, report, fail, pass } = hosts()
  fail(5)
  pass(1_000)
  expect(await pauseOf('a')).toBe(0)
  const others = Promise.all([pauseOf('a'), pauseOf('a')])
  report('a', down)
  expect(await others).toEqual(expected)
})

test('each failed probe doubles the pause, up to ten seconds', async () => {
  const { pauseOf, fail, pass } = hosts()
  fail(5)
  const pauses: number[] = []
  for (let i = 0; i < 6; i++) {
    const pause = await pauseOf('a')
    pauses.push(pause)
    pass(pause)
    expect(await pauseOf('a')).toBe(0)
    fail(1)
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000])
})

test('calls that were under way when it was given up do not lengthen the pauses', async () => {
  const { pauseOf, fail } = hosts()
  fail(40)
  expect(await pauseOf('a')).toBe(1_000)
})

test('a probe that is never answered does not keep the host shut', async () => {
  const { pauseOf, fail, pass } = hosts()
  fail(5)
  pass(1_000)
  expect(await pauseOf('a')).toBe(0)
  pass(2_000)
  expect(await pauseOf('a')).toBe(0)
})

test('nor those who wait for it', async () => {
  const { pauseOf, report } = createHosts()
  for (let i = 0; i < 5; i++) report('a', true)
  await new Promise((resolve) => setTimeout(resolve, 1_010))
  expect(await pauseOf('a')).toBe(0)
  const began = performance.now()
  expect(await pauseOf('a')).toBe(0)
  expect(performance.now() - began).toBeGreaterThan(1_900)
})

test('of a great many failing hosts the oldest is forgotten', async () => {
  const { pauseOf, fail } = hosts()
  fail(5, 'first')
  for (let i = 0; i < 999; i++) fail(5, `host-${i}`)
  expect(await pauseOf('first')).toBe(1_000)
  fail(1, 'one more')
  expect(await pauseOf('first')).toBe(0)
  expect(await pauseOf('host-0')).toBe(1_000)
})
