import { readdirSync, readFileSync } from 'node:fs'

/** MB that a process keeps in memory, as Linux counts them. */
export const memoryMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** CPU time in ms of the threads of a process: as the scheduler counts it, since `stat` knows only ticks of 10 ms. */
export const cpuMs = (pid: number): number => {
  const ran = readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8'),
  )
  return ran.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e6, 0)
}
