import type { BlockAction, EnvelopedEvent, ViewClosedAction, ViewSubmitAction } from '@slack/bolt'
import { expect, test } from 'vitest'
import type { Envelope } from '../../../src/sandbox/slack/send/events.ts'
import type * as sent from '../../../src/sandbox/slack/shapes/interaction.ts'

// The types leave out what Slack's own examples hold: `"enterprise": null` for a workspace of its own.
type Without<T, K extends keyof T> = Pick<T, Exclude<keyof T, K | 'enterprise'>>

// The compiler is the test: a shape that differs from what Slack's own framework expects does not compile.
const clicked = (one: ReturnType<typeof sent.messageClick>): Without<BlockAction, 'actions'> => one
// A modal has no response_url, which the types demand all the same.
const used = (one: ReturnType<typeof sent.viewClick>): Without<BlockAction, 'actions' | 'response_url'> => one
const submitted = (one: ReturnType<typeof sent.viewSubmission>): Without<ViewSubmitAction, never> => one
const closed = (one: ReturnType<typeof sent.viewClosed>): Without<ViewClosedAction, never> => one
const enveloped = ({ context_enterprise_id: _, ...one }: Envelope): EnvelopedEvent => one

test('what the sandbox sends has the types that Slack publishes', () =>
  expect([clicked, used, submitted, closed, enveloped]).toHaveLength(5))
