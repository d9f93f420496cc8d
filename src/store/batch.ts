interface Waiting<T, R> {
  item: T
  resolve: (result: R) => void
  reject: (error: unknown) => void
}

export interface BatchOptions<T, R> {
  /** Does all of them, or none and throws. */
  together: (items: T[]) => Promise<R[]>
  /** Does one, after a batch that it was in has failed. */
  alone: (item: T) => Promise<R>
  /** Whether a failed batch can have been one item's fault; otherwise its error is everybody's, of those too that still wait. */
  blames: (error: unknown) => boolean
  /** Items of one key never share a batch. */
  key: (item: T) => string
  most: number
  /** Batches under way at once. What comes while one is under way waits for it, unless it fills another. */
  atOnce: number
}

/** Does together what is ready together. Nothing waits for company: an item that finds nothing under way goes at once. */
export const createBatch = <T, R>({ together, alone, blames, key, most, atOnce }: BatchOptions<T, R>) => {
  const queue: Waiting<T, R>[] = []
  let underWay = 0
  let scheduled = false

  const schedule = (): void => {
    if (scheduled || queue.length < (underWay === 0 ? 1 : most) || underWay >= atOnce) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      void run(pick(queue, key, most))
      schedule()
    })
  }

  const run = async (batch: Waiting<T, R>[]): Promise<void> => {
    underWay++
    try {
      const results = await together(batch.map(({ item }) => item))
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as R)
    } catch (error) {
      // Whoever waits behind an outage hears of it now, and not after a deadline of their own.
      if (!blames(error)) for (const { reject } of [...batch, ...queue.splice(0)]) reject(error)
      else if (batch.length === 1) batch[0]?.reject(error)
      else await Promise.all(batch.map(({ item, resolve, reject }) => alone(item).then(resolve, reject)))
    } finally {
      underWay--
      schedule()
    }
  }

  return (item: T): Promise<R> =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject })
      schedule()
    })
}

/** Takes the first of each key, at most `most`, and leaves the others in their order. */
const pick = <T, R>(queue: Waiting<T, R>[], key: (item: T) => string, most: number): Waiting<T, R>[] => {
  const keys = new Set<string>()
  const picked: Waiting<T, R>[] = []
  const left = queue.splice(0).filter((one) => {
    const own = key(one.item)
    if (picked.length >= most || keys.has(own)) return true
    keys.add(own)
    picked.push(one)
    return false
  })
  queue.push(...left)
  return picked
}
