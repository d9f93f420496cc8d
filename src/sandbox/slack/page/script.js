// The page is made by the server. This sends what people do, and takes over what has changed.
const app = document.getElementById('app')
const { team, user, channel, thread } = app?.dataset ?? {}

const tell = (text) => {
  document.getElementById('status').textContent = text
}

const AWAY = 'The sandbox does not answer.'

const send = (path, body) => post(path, body).catch(() => tell(AWAY))

const post = async (path, body) => {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`/_sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const told = await answer.json()
  const failure = answer.ok ? told.failure : (told.message ?? told.error)
  tell(failure ? `deploybot did not take that: ${failure.replaceAll('_', ' ')}` : '')
}

const refresh = async () => {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
  const list = document.getElementById('messages')
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80
  replace(list, page.getElementById('messages'))
  replace(document.querySelector('#log ol'), page.querySelector('#log ol'))
  if (atEnd) list.scrollTop = list.scrollHeight
  const [now, next] = [document.getElementById('modal'), page.getElementById('modal')]
  // What somebody types into a modal is lost only when the modal has become another.
  if (now.dataset.key === next.dataset.key) return
  now.replaceWith(next)
  next.querySelector('input, textarea, select')?.focus()
}

const replace = (old, fresh) => {
  if (old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes)
}

// Several changes in a moment are taken over at once, and one after the other.
let due
const soon = () => {
  clearTimeout(due)
  due = setTimeout(() => void refresh().catch(() => tell(AWAY)), 40)
}

const say = (form) => {
  const text = form.text.value.trim()
  if (text === '') return
  form.text.value = ''
  const [, command, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? []
  if (command) return send('command', { team, user, channel, command, text: rest })
  return send('say', { team, user, channel, text, typed: true, ...(thread && { thread_ts: thread }) })
}

const valueIn = (field) =>
  field.tagName === 'FIELDSET'
    ? [...field.querySelectorAll('input:checked')].map(({ value }) => value).join()
    : field.value

const use = (field, value) => {
  const used = { action_id: field.dataset.use, block_id: field.dataset.block, ...(value !== '' && { value }) }
  const view_id = field.closest('[data-view]')?.dataset.view
  if (view_id) return send('view/click', { ...used, view_id })
  return send('click', { ...used, team, user, channel, ts: field.closest('[data-ts]').dataset.ts })
}

const submit = (form) => {
  const values = {}
  for (const field of form.querySelectorAll('[data-field]')) {
    const { block, field: action } = field.dataset
    values[block] = { ...values[block], [action]: valueIn(field) }
  }
  return send('view/submit', { view_id: form.dataset.view, values })
}

const suggest = (text) => {
  const box = document.querySelector('#composer textarea')
  box.value = text
  box.focus()
}

const closeModal = () => {
  const view_id = document.querySelector('[data-view]')?.dataset.view
  if (view_id) void send('view/close', { view_id })
}

const start = () => {
  document.addEventListener('submit', (event) => {
    event.preventDefault()
    void (event.target.id === 'composer' ? say(event.target) : submit(event.target))
  })
  document.addEventListener('click', ({ target }) => {
    const button = target.closest('button')
    if (!button) return
    if ('example' in button.dataset) suggest(button.textContent)
    if ('close' in button.dataset) closeModal()
    if (!button.dataset.use) return
    if (button.dataset.confirm && !confirm(button.dataset.confirm)) return
    if (button.dataset.url) window.open(button.dataset.url, '_blank', 'noopener')
    void use(button, button.dataset.value)
  })
  document.addEventListener('change', ({ target }) => {
    if (target.id === 'as') location.search = new URLSearchParams({ team, channel, as: target.value })
    const field = target.closest('select[data-use], fieldset[data-use], input[data-use], textarea[data-use]')
    if (field && valueIn(field) !== '') void use(field, valueIn(field))
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeModal()
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !event.target.matches('#composer textarea'))
      return
    event.preventDefault()
    event.target.form.requestSubmit()
  })
  const list = document.getElementById('messages')
  list.scrollTop = list.scrollHeight
  if (thread) document.querySelector('#composer textarea').focus()
  const live = new EventSource('/live')
  live.onmessage = soon
  live.onopen = soon
}

if (app) start()
