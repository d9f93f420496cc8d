// Those that a bot is likely to use; a name that is not here stays as it was written.
const EMOJI = new Map<string, string>(
  Object.entries({
    '+1': '👍',
    '-1': '👎',
    white_check_mark: '✅',
    heavy_check_mark: '✔️',
    x: '❌',
    no_entry: '⛔',
    eyes: '👀',
    rocket: '🚀',
    hourglass: '⌛',
    hourglass_flowing_sand: '⏳',
    alarm_clock: '⏰',
    warning: '⚠️',
    rotating_light: '🚨',
    lock: '🔒',
    unlock: '🔓',
    tada: '🎉',
    question: '❓',
    arrow_right: '➡️',
    arrows_counterclockwise: '🔄',
    rewind: '⏪',
  }),
)

/** Text with the names of emoji as Slack shows them. */
export const withEmoji = (text: string): string =>
  text.replace(/:([a-z0-9_+-]{1,40}):/g, (whole, name: string) => EMOJI.get(name) ?? whole)
