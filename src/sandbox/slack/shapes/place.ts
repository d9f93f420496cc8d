import type { ConversationsInfoResponse, UsersInfoResponse } from '@slack/web-api'
import type { Conversation, Person, Workspace } from '../state.ts'

/** A channel or a direct message, as Slack describes it to the bot. */
export const conversationShape = ({ id, name, im, members, created }: Conversation, { id: team, bot }: Workspace) => {
  const common = { id, created, is_archived: false, is_im: im, is_org_shared: false, context_team_id: team }
  if (im) return { ...common, user: members[0] ?? '', is_open: true, is_user_deleted: false }
  return {
    ...common,
    name,
    name_normalized: name,
    is_channel: true,
    is_group: false,
    is_mpim: false,
    is_private: false,
    is_general: false,
    is_shared: false,
    is_ext_shared: false,
    is_member: members.includes(bot.user),
    num_members: members.length,
    creator: members[0] ?? '',
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  } satisfies ConversationsInfoResponse['channel']
}

/** Somebody, as users.info tells of them. The address only comes to apps that may read it; ours may. */
export const personShape = ({ id, team, name, real_name, email }: Person) =>
  ({
    id,
    team_id: team,
    name,
    deleted: false,
    real_name,
    tz: 'Europe/Berlin',
    tz_label: 'Central European Time',
    tz_offset: 3600,
    profile: {
      real_name,
      real_name_normalized: real_name,
      display_name: name,
      display_name_normalized: name,
      team,
      ...(email !== null && { email }),
    },
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_bot: email === null,
    is_app_user: false,
    updated: 0,
  }) satisfies UsersInfoResponse['user']
