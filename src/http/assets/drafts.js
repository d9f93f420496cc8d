import { say } from './say.js'

// Words that are not sent yet outlive a reload and a sign-in: until they have been sent from a page that took them.
const keyOf = ({ id }) => `draft ${location.pathname} ${id}`
const FIELDS = 'textarea[id], input[type="text"][id]'
// What stands in a line from the beginning nobody has written.
export const written = (root) =>
  [...root.querySelectorAll(FIELDS)].filter(({ value, type, defaultValue }) =>
    type === 'text' ? value !== defaultValue : value !== '',
  )
export const restoreDrafts = () => {
  const failed = document.querySelector('[role="alert"], [data-unsent]')
  for (const key of JSON.parse(sessionStorage.getItem('sent') ?? '[]')) if (!failed) sessionStorage.removeItem(key)
  sessionStorage.removeItem('sent')
  for (const area of document.querySelectorAll(FIELDS)) area.value = sessionStorage.getItem(keyOf(area)) || area.value
}
document.addEventListener('input', ({ target }) => {
  if (target.matches?.(FIELDS)) sessionStorage.setItem(keyOf(target), target.value)
})
document.addEventListener('submit', ({ target }) => {
  const keys = [...target.querySelectorAll(FIELDS)].map(keyOf)
  sessionStorage.setItem('sent', JSON.stringify(keys))
})

// Words whose place has gone find another.
export const keepWords = (id, value) => {
  const area = document.getElementById(id)
  if (area) {
    area.value = value
    return
  }
  const other = document.getElementById('say')
  // On a page of many threads: where that thread's own page finds them.
  const key = other ? keyOf(other) : `draft /threads/${id.replace(/^[a-z]+-/, '')} say`
  const before = other?.value ?? ''
  const text = before.includes(value) ? before : [before, value].filter(Boolean).join('\n')
  if (other) other.value = text
  sessionStorage.setItem(key, text)
  say(
    `What you were answering is no longer asked. Your words are kept ${other ? 'below' : 'on the page of that thread'}.`,
    true,
  )
}
