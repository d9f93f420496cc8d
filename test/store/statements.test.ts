import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const STORE = join(import.meta.dirname, '../../src/store')

test('no two statements are prepared under one name: the second would fail on every connection that has the first', () => {
  const files = readdirSync(STORE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const names = files.flatMap((file) =>
    [...readFileSync(join(STORE, file), 'utf8').matchAll(/\bname: '([a-z_]+)'/g)].map(([, name]) => name),
  )
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
})
