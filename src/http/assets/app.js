// What a page gains by script: it stays true by itself, keeps what is written, and says how long ago. Everything works without.
const parts = () => document.querySelectorAll('[data-part]')
const news = document.getElementById('news')
let held = false
let quiet
// Said to whoever looks and whoever listens. What is held stays until they go on.
const say = (text, hold = false) => {
  if (!news || (held && !hold)) return
  held = hold
  news.textContent = text
  clearTimeout(quiet)
  if (!hold) quiet = setTimeout(() => say(''), 8_000)
}
for (const goingOn of ['input', 'click']) {
  document.addEventListener(goingOn, () => {
    if (!held) return
    held = false
    say('')
  })
}

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
const tellTimes = () => {
  for (const time of document.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime)
    const seconds = (at.getTime() - Date.now()) / 1000
    const text = Math.abs(seconds) < 86_400 ? `${ago(seconds)}, ${clock.format(at)}` : day.format(at)
    if (time.textContent !== text) time.textContent = text
    time.title = exact.format(at)
  }
}

// Words that are not sent yet outlive a reload and a sign-in: until they have been sent from a page that took them.
const keyOf = ({ id }) => `draft ${location.pathname} ${id}`
const written = (root) => [...root.querySelectorAll('textarea[id]')].filter(({ value }) => value !== '')
const restoreDrafts = () => {
  const failed = document.querySelector('[role="alert"], [data-unsent]')
  for (const key of JSON.parse(sessionStorage.getItem('sent') ?? '[]')) if (!failed) sessionStorage.removeItem(key)
  sessionStorage.removeItem('sent')
  for (const area of document.querySelectorAll('textarea[id]')) area.value ||= sessionStorage.getItem(keyOf(area)) ?? ''
}
document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLTextAreaElement && target.id) sessionStorage.setItem(keyOf(target), target.value)
})
document.addEventListener('submit', ({ target }) => {
  const keys = [...target.querySelectorAll('textarea[id]')].map(keyOf)
  sessionStorage.setItem('sent', JSON.stringify(keys))
})

// Puts what the server shows now in place of what stands here. Words that somebody is writing stay, also where their question has gone.
const shown = new Map([...parts()].map((part) => [part.id, part.innerHTML]))
const swap = (part, next) => {
  const html = next.innerHTML
  if (shown.get(part.id) === html) return
  shown.set(part.id, html)
  const words = new Map(written(part).map((area) => [area.id, area.value]))
  const open = [...part.querySelectorAll('details[id]')].map(({ id, open }) => [id, open])
  const focus = placeOf(part)
  const asked = questionsIn(part)
  part.replaceWith(next)
  for (const [id, isOpen] of open) document.getElementById(id)?.toggleAttribute('open', isOpen)
  for (const [id, value] of words) keepWords(id, value)
  focus?.()
  if (asked !== questionsIn(next)) settle(next)
  if (next.dataset.says && next.dataset.says !== part.dataset.says) say(next.dataset.says)
}
const questionsIn = (part) =>
  [...part.querySelectorAll('form')].map((form) => `${form.getAttribute('action')} ${form.elements.to?.value}`).join()
// What has just come under a pointer was not what it was moved to.
const settle = (part) => {
  part.classList.add('settling')
  setTimeout(() => part.classList.remove('settling'), 600)
}
// The way back to what has the focus, if it is still the same and answers the same question.
const FOCUSABLE = 'a, button, input:not([type="hidden"]), select, textarea, summary'
const placeOf = (part) => {
  const { activeElement: was } = document
  if (!part.contains(was)) return null
  const { selectionStart: start, selectionEnd: end } = was
  const near = was.closest('[id]')
  const at = [...near.querySelectorAll(FOCUSABLE)].indexOf(was)
  const meaning = (one) => [one?.tagName, one?.textContent, one?.form?.elements.to?.value].join()
  return () => {
    const again = document.getElementById(near.id)
    const found = at === -1 ? again : again?.querySelectorAll(FOCUSABLE)[at]
    if (meaning(found) !== meaning(was)) return
    found.focus({ preventScroll: true })
    if (typeof start === 'number') found.setSelectionRange(start, end)
  }
}
const keepWords = (id, value) => {
  const area = document.getElementById(id)
  if (area) {
    area.value = value
    return
  }
  const other = document.getElementById('say')
  // On a page of many threads: where that thread's own page finds them.
  const key = other ? keyOf(other) : `draft /threads/${id.replace('words-', '')} say`
  const before = other?.value ?? ''
  const text = before.includes(value) ? before : [before, value].filter(Boolean).join('\n')
  if (other) other.value = text
  sessionStorage.setItem(key, text)
  say(
    `What you were answering is no longer asked. Your words are kept ${other ? 'below' : 'on the page of that thread'}.`,
    true,
  )
}

const refresh = async () => {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (answer.redirected) return signedOut()
  if (!answer.ok) throw new Error(answer.statusText)
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const part of parts()) {
    const next = fresh.getElementById(part.id)
    if (next) swap(part, next)
  }
  tellTimes()
  document.dispatchEvent(new Event('fresh'))
}
const signedOut = () => {
  say('You are signed out. Your words stay here. ', true)
  const link = Object.assign(document.createElement('a'), { href: location.href, textContent: 'Sign in again' })
  news?.append(link)
}

// One look at a time; what happens meanwhile is one more look.
let looking = false
let again = false
const look = () => {
  again = looking
  if (looking) return
  looking = true
  const done = () => {
    looking = false
    if (again) look()
  }
  refresh().then(done, () => {
    done()
    setTimeout(look, 2_000)
  })
}

const follow = (address) => {
  const source = new EventSource(address)
  let opened = false
  source.onmessage = look
  source.onopen = () => {
    if (opened) look()
    opened = true
  }
  // Where the answer was an error the browser does not come again by itself.
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return
    setTimeout(
      () => {
        look()
        follow(address)
      },
      2_000 + Math.random() * 2_000,
    )
  }
}
const { live } = document.body.dataset
if (live) follow(live)
// The bell may lose a ring, and lists ask nobody else.
if (live) setInterval(() => document.hidden || look(), 30_000)

// Copying needs script: its buttons appear with it.
const copy = async (button, text) => {
  await navigator.clipboard.writeText(await text)
  say(`Copied: ${button.textContent}`)
}
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-copy], [data-copy-from]')
  if (!button || !navigator.clipboard) return
  event.preventDefault()
  const { copy: from, copyFrom } = button.dataset
  const text = from
    ? document.querySelector(from).textContent
    : fetch(copyFrom, { headers: { accept: 'text/html' } }).then((answer) => answer.text())
  copy(button, text).catch(() => say('That could not be copied.'))
})
if (navigator.clipboard) for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false

// The inbox by keys. Nothing is decided by one key: it leads to the button, and Enter is the yes.
const cards = () => [...document.querySelectorAll('[data-card]')]
const step = (by) => {
  const all = cards()
  const here = all.findIndex((card) => card.contains(document.activeElement))
  const to = all[Math.min(all.length - 1, Math.max(0, here + by))]
  to?.querySelector('a')?.focus()
  to?.scrollIntoView({ block: 'nearest' })
}
const current = () => cards().find((card) => card.contains(document.activeElement)) ?? cards()[0]
const headline = (card) => card.querySelector('h3').textContent
const PRESSED = {
  j: () => step(1),
  k: () => step(-1),
  a: () => {
    const card = current()
    const button = card?.querySelector('button[value="approve"], button[value="yes"]')
    if (!button) return
    button.focus()
    say(`Enter approves: ${headline(card)}. Escape leaves it.`)
  },
  r: () => {
    const card = current()
    const area = card?.querySelector('textarea')
    if (!area) return
    area.focus()
    say(`Say why, then Ctrl+Enter rejects: ${headline(card)}. Escape leaves it.`)
  },
}
const inField = (target) => target.closest?.('input, textarea, select, [contenteditable]')
document.addEventListener('keydown', (event) => {
  const card = event.target.closest?.('[data-card]')
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && card && inField(event.target)) {
    card.querySelector('button[value="reject"], button[value="words"]')?.click()
  } else if (event.key === 'Escape' && card) {
    say('')
    card.querySelector('a')?.focus()
  } else if (
    document.getElementById('keys')?.checked &&
    !inField(event.target) &&
    !(event.ctrlKey || event.metaKey || event.altKey)
  ) {
    const pressed = cards().length > 0 && Object.hasOwn(PRESSED, event.key) ? PRESSED[event.key] : null
    if (!pressed) return
    event.preventDefault()
    pressed()
  }
})
const showKeys = () => {
  for (const line of document.querySelectorAll('.keys')) line.hidden = false
  const box = document.getElementById('keys')
  if (box) box.checked = localStorage.getItem('keys') !== 'off'
}
document.addEventListener('fresh', showKeys)
document.addEventListener('change', ({ target }) => {
  if (target.id === 'keys') localStorage.setItem('keys', target.checked ? 'on' : 'off')
})
showKeys()

restoreDrafts()
tellTimes()
setInterval(tellTimes, 10_000)
