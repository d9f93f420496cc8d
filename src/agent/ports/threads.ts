import type { ChildEnd, Dispatched, Facts, GateFacts, MergedPull, Parent } from '../../thread/event.ts'
import type { Launch } from '../../thread/input.ts'

/** Other threads, as a thread reaches them: through the same write door as everybody. Each call may be repeated after a crash. */
export interface Threads {
  /** Launches the child of that step, once. Its id. */
  launchChild(child: Omit<Launch, 'type'> & { parent: Parent }): Promise<string>
  /** Cancels the child that this step launched. `gently`: not where a run of it is under way. */
  stopChild(child: { parent: Parent; id: string | null; gently: boolean; reason: string }): Promise<Stopped>
  /** Tells a thread that its child ended. */
  tellParent(parent: Parent, end: ChildEnd): Promise<void>
  /** Hands merges to the release that is open, or to a new one: its id. */
  handOn(pulls: MergedPull[]): Promise<string>
  /** The dispatch in flight that this run is; null: none. Throws ToolError where that is not known yet. */
  dispatchOf(run: Facts & { gate: GateFacts }): Promise<Dispatched | null>
}

export interface Stopped {
  accepted: boolean
  message: string
}
