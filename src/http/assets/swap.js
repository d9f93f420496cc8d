import { keepWords, written } from './drafts.js'
import { say } from './say.js'

// Puts what the server shows now in place of what stands here. Words that somebody is writing stay, also where their question has gone.
export const parts = () => document.querySelectorAll('[data-part]')
// What forms carry is another for each look, and serves as well as the last.
const markOf = ({ innerHTML }) => innerHTML.replaceAll(/name="form" value="[^"]*"/g, '')
const shown = new Map([...parts()].map((part) => [part.id, markOf(part)]))
export const swap = (part, next) => {
  const mark = markOf(next)
  if (shown.get(part.id) === mark) return
  shown.set(part.id, mark)
  const words = new Map(written(part).map((area) => [area.id, area.value]))
  const fields = chosen(part).map(({ id, value }) => [id, value])
  const open = [...part.querySelectorAll('details[id]')].map(({ id, open }) => [id, open])
  const focus = placeOf(part)
  const asked = questionsIn(part)
  part.replaceWith(next)
  for (const [id, isOpen] of open) document.getElementById(id)?.toggleAttribute('open', isOpen)
  for (const [id, value] of words) keepWords(id, value)
  for (const [id, value] of fields) {
    const field = document.getElementById(id)
    if (field) field.value = value
  }
  focus?.()
  if (asked !== questionsIn(next)) settle(next)
  if (next.dataset.says && next.dataset.says !== part.dataset.says) say(next.dataset.says)
}
const chosen = (part) =>
  [...part.querySelectorAll('select[id]')].filter((field) => !field.selectedOptions[0]?.defaultSelected)
const questionsIn = (part) =>
  [...part.querySelectorAll('form, input[type="hidden"]:not([name="form"]), button')]
    .map((one) => one.getAttribute('action') ?? one.outerHTML)
    .join()
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
