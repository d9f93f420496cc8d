/** What Deploybot asks a workspace to let it do; .github/examples/slack-app.yml says of each why. */
export const SCOPES = [
  'app_mentions:read',
  'channels:history',
  'groups:history',
  'im:history',
  'im:write',
  'chat:write',
  'chat:write.public',
  'commands',
]
