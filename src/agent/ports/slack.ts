import type { SlackAddress } from '../../thread/contact/address.ts'
import type { Notice, Told } from './people.ts'

/** What a control of ours in Slack does; its `action_id` begins with it. Which question it is about is all that its value says. */
export const SLACK_ACTIONS = [
  'approve',
  'withdraw',
  'override',
  'reject',
  'ask',
  'answer',
  'yes',
  'no',
  'choose',
  'open',
] as const
export type SlackAction = (typeof SLACK_ACTIONS)[number]

/** What the words are for that somebody is about to write in a dialog. */
export const SLACK_WORDS = ['override', 'reject', 'ask', 'answer'] as const satisfies SlackAction[]
export type SlackWords = (typeof SLACK_WORDS)[number]

/** The one field of such a dialog. */
export const SLACK_FIELD = 'words'

/** The question that a control belongs to. */
export interface SlackTarget {
  thread_id: string
  seq: number
}

/** A workspace that this service is installed in. */
export interface SlackWorkspace {
  team: string
  token: string
  /** The user that we are there. */
  bot_user: string
}

/** Null: it is not installed there (any more). */
export type FindWorkspace = (team: string) => Promise<SlackWorkspace | null>

/** One line for one reader; with an address it is a link. */
export interface SlackLine {
  words: string
  url?: string
}

/** Where one reader alone is told something: in answer to what they did, or in a channel. */
export type SlackReader = { response_url: string } | { team: string; channel: string; user: string; thread_ts?: string }

/** What HTTP needs of Slack, to answer whoever wrote or clicked there. */
export interface SlackDesk {
  find: FindWorkspace
  /** Asks for words. Slack takes it within three seconds of the click. Rejects when Slack does not take it. */
  openDialog(team: string, trigger: string, words: SlackWords, target: SlackTarget): Promise<void>
  /** Tells one reader. Nothing depends on it, so it never rejects. */
  whisper(reader: SlackReader, lines: SlackLine[]): Promise<void>
  /** Makes a message say how things stand. */
  redraw(notice: Notice<{ slack: SlackAddress }>): Promise<Told>
}

/** The workspaces that installed us. */
export interface SlackWorkspaces {
  find: FindWorkspace
  save(workspace: SlackWorkspace & { name: string }): Promise<void>
  remove(team: string): Promise<void>
}

/** Slack gives no token for this: why not, in words for whoever wanted to install. */
export class NotInstallable extends Error {}

/** How a workspace comes to install us. */
export interface SlackInstalls {
  /** The page of Slack's on which a person agrees. */
  askAt(state: string): string
  /** Makes a workspace that agreed one of ours; its name. Throws NotInstallable. */
  install(code: string): Promise<string>
  /** It does not want us any more. */
  remove(team: string): Promise<void>
}
