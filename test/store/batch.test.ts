import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createBatch } from '../../src/store/batch.ts'

/** A batch whose items are words; one that holds a bad word fails. */
const gathering = (more: { most?: number; blames?: boolean } = {}) => {
  const batches: string[][] = []
  const one = (item: string): string => {
    if (item.startsWith('bad')) throw new Error(item)
    return item.toUpperCase()
  }
  const add = createBatch<string, string>({
    together: async (items) => {
      batches.push(items)
      await sleep(5)
      return items.map(one)
    },
    alone: async (item) => one(item),
    blames: () => more.blames ?? true,
    key: (item) => item.split(':', 1)[0] ?? '',
    most: more.most ?? 10,
    atOnce: 1,
  })
  return { add, batches }
}

test('what is ready together goes together, and each gets its own result', async () => {
  const { add, batches } = gathering()
  expect(await Promise.all(['a', 'b', 'c'].map(add))).toEqual(['A', 'B', 'C'])
  expect(batches).toEqual([['a', 'b', 'c']])
})

test('what comes while one is under way waits for it, at most so many at once', async () => {
  const { add, batches } = gathering({ most: 2 })
  const first = add('a')
  await sleep(1)
  await Promise.all([first, ...['b', 'c', 'd'].map(add)])
  expect(batches).toEqual([['a'], ['b', 'c'], ['d']])
})

test('two of one key never share a batch, and keep their order', async () => {
  const { add, batches } = gathering()
  await Promise.all(['x:1', 'x:2', 'y:1'].map(add))
  expect(batches).toEqual([['x:1', 'y:1'], ['x:2']])
})

test('one that fails harms no other', async () => {
  const { add } = gathering()
  const all = await Promise.allSettled(['a', 'bad', 'c'].map(add))
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('a failure that is nobody’s fault is everybody’s, also of those that still wait, and nothing is tried again', async () => {
  const { add, batches } = gathering({ blames: false, most: 2 })
  const all = await Promise.allSettled(['a', 'bad', 'c'].map(add))
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(batches).toHaveLength(1)
})
