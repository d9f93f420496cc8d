// Times, in the viewer's zone.
const near = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
const ago = (seconds) => {
  if (Math.abs(seconds) < 60) return near.format(Math.round(seconds), 'second')
  if (Math.abs(seconds) < 3600) return near.format(Math.round(seconds / 60), 'minute')
  return near.format(Math.round(seconds / 3600), 'hour')
}
export const tellTimes = () => {
  for (const time of document.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime)
    const seconds = (at.getTime() - Date.now()) / 1000
    const text = Math.abs(seconds) < 86_400 ? `${ago(seconds)}, ${clock.format(at)}` : day.format(at)
    if (time.textContent !== text) time.textContent = text
    time.title = exact.format(at)
  }
}

setInterval(tellTimes, 10_000)
