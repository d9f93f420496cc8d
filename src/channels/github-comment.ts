import { type Channel, type Conversation, type Notice, type Told, ToolError } from '../agent/ports.ts'
import type { Address } from '../thread/contact/address.ts'
import { commentText } from './comment/text.ts'

type OnPullRequest = Extract<Address, { pull_request: number }>

/** Tells the readers of a pull request, in one comment that is edited: what is asked and where to answer, what runs, how it ended. */
export const createCommentChannel = (
  conversation: Pick<Conversation, 'say'>,
  publicUrl: string,
): Channel<OnPullRequest> => ({
  name: 'github_comment',
  deliver: async (notice: Notice<OnPullRequest>): Promise<Told> => {
    try {
      await conversation.say(
        notice.address,
        notice.thread_id,
        commentText(notice, `${publicUrl}/threads/${notice.thread_id}`),
      )
      return { ok: true }
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      return { ok: false, message: `${error.code}: ${error.message}` }
    }
  },
})
