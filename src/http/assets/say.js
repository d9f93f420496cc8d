/* The line at the top that tells what has changed. */
export const news = document.getElementById('news')
let held = false
let quiet
// Said to whoever looks and whoever listens. What is held stays until they go on.
export const say = (text, hold = false) => {
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
