/** A way to reach a person. Deliveries are events, so a restart tells whoever was not told. */
export interface Channel {
  name: string
  deliver(notice: Notice): Promise<{ ok: boolean; message?: string }>
}
export interface Notice {
  thread_id: string
  seq: number
  reply_to: { webhook: string }
  waiting_for: unknown
  status: string
}
