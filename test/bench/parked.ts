import { setTimeout as sleep } from 'node:timers/promises'
import { cpuMs, memoryMb } from './proc.ts'
import { table } from './report.ts'
import { startWorld } from './service/world.ts'

// Threads that wait for people by the ten thousand: what they cost a process, and how quickly it goes on with one of them.
const PARKED = [0, 10_000, 100_000]
const IDLE_MS = 5_000

const world = await startWorld()

const rows = []
for (const count of PARKED) {
  const [waiting] = await world.park(count)
  // The end of the last one is no part of this one's start.
  await world.run(0)
  const began = performance.now()
  const [pid = 0] = await world.run(1)
  const listening = performance.now() - began
  const { dispatched } = await world.approve(waiting ?? (await world.park(1))[0] ?? '')
  await sleep(1_000)
  const cpu = cpuMs(pid)
  await sleep(IDLE_MS)
  const idle = ((cpuMs(pid) - cpu) / IDLE_MS) * 100
  const { dispatched: again } = await world.approve((await world.park(1))[0] ?? '')
  rows.push([count, Math.round(memoryMb(pid)), idle.toFixed(1), Math.round(listening), dispatched, again])
}
table(
  'a process over parked threads',
  ['parked', 'RSS MB', 'idle CPU %', 'start to listening ms', 'first approval to dispatch ms', 'later ms'],
  rows,
)
await world.close()
