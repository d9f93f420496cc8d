import { type Conversation, type Notice, type Told, ToolError } from '../agent/ports.ts'
import { commentText } from './comment/text.ts'

/** Tells the readers of a pull request, in one comment that is edited: what is asked and where to answer, what runs, how it ended. */
export const createCommentChannel = (conversation: Pick<Conversation, 'say'>, publicUrl: string) => ({
  name: 'github_comment',
  deliver: async (notice: Notice<{ pull_request: number; repository: string }>): Promise<Told> => {
    try {
      await conversation.say(
        notice.reply_to,
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
