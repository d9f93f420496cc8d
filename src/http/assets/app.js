// What a page gains by script: it stays true by itself. Everything works without.
const live = document.querySelector('[data-live]')

/** Puts what the server shows now in place of what stands here, and keeps what somebody is writing. */
const refresh = async () => {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!answer.ok || answer.redirected) return
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id)
    if (next && next.innerHTML !== part.innerHTML && !writes(part)) {
      const open = [...part.querySelectorAll('details[open]')].map(({ id }) => id)
      part.replaceWith(next)
      for (const id of open) if (id) document.getElementById(id)?.setAttribute('open', '')
    }
  }
}

const writes = (part) => [...part.querySelectorAll('textarea, input[type="text"]')].some(({ value }) => value !== '')

if (live?.dataset.live) {
  let due = false
  const soon = () => {
    if (due) return
    due = true
    setTimeout(() => {
      due = false
      refresh().catch(() => {})
    }, 50)
  }
  const source = new EventSource(live.dataset.live)
  source.onmessage = soon
  source.onopen = soon
}

for (const time of document.querySelectorAll('time[datetime]')) time.title = new Date(time.dateTime).toLocaleString()
