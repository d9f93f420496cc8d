/** What one of our mails is about. `seq`: the question that it asks; 0: the thread as a whole. */
export interface MailAbout {
  thread_id: string
  seq: number
}

/** The names (Message-ID) of our mails. A reply names what it replies to, and so finds its thread; nobody can make one up. */
export interface MailIds {
  /** `apart` tells mails about the same from each other; the same mail sent again bears the same name. */
  mint(about: MailAbout, apart: string): string
  /** What the mail of that name is about; null: it is none of ours. */
  read(messageId: string): MailAbout | null
}
