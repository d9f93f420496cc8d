import { say } from './say.js'

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
    // In its own form: a card may hold another one, to change what is proposed.
    event.target.form?.querySelector('button[value="reject"], button[value="words"]')?.click()
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
