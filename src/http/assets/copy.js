import { say } from './say.js'

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
