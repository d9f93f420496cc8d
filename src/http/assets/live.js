import { news, say } from './say.js'
import { parts, swap } from './swap.js'
import { tellTimes } from './times.js'

const { live, later } = document.body.dataset
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
let isOut = false
const signedOut = () => {
  if (isOut) return
  isOut = true
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

// What others say of a change, GitHub or who counts, comes after it.
let lateLooks = []
const changed = () => {
  look()
  for (const one of lateLooks) clearTimeout(one)
  lateLooks = (later?.split(' ') ?? []).map((ms) => setTimeout(look, Number(ms)))
}
const follow = (stream) => {
  const source = new EventSource(stream)
  let opened = false
  source.onmessage = changed
  source.onopen = () => {
    if (opened) look()
    opened = true
  }
  // Where the answer was an error the browser does not come again by itself.
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED || isOut) return
    setTimeout(
      () => {
        look()
        if (!isOut) follow(stream)
      },
      2_000 + Math.random() * 2_000,
    )
  }
}
if (live) follow(live)
// The bell may lose a ring, and lists ask nobody else.
if (live) setInterval(() => document.hidden || isOut || look(), 30_000)
