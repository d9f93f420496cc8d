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

/** What a code approves, and for whom: that step with these arguments, and nothing else. */
export interface CodeFor {
  thread_id: string
  seq: number
  person: string
  args_hash: string
}

/** Codes by which a person approves in a reply, where policy allows it: of eight characters, for ten minutes. Times are the database's. */
export interface MailCodes {
  mint(bound: CodeFor, at: string): string
  /** Whether these words are nothing but such a code that is not too old. */
  fits(bound: CodeFor, words: string, at: string): boolean
}
