import { html } from 'ghtml'
import type { Measure } from './measures.ts'

const WIDTH = 300
const HEIGHT = 96
const TOP = 18
const BASE = 78

/** Bars, one a week; the numbers are in the table below, and of each bar in its title. */
export const chart = ({ name, say }: Measure, values: (number | null)[], mondays: string[]): string => {
  const most = Math.max(0, ...values.map((value) => value ?? 0))
  const known = values.flatMap((value, i) => (value === null ? [] : [{ value, monday: mondays[i] ?? '' }]))
  const last = known.at(-1)
  const label = last
    ? `${name}, week by week: ${say(last.value)} in the week of ${last.monday}, at most ${say(most)}`
    : `${name}: nothing to measure`
  const step = WIDTH / Math.max(1, values.length)
  const bars = values.map((value, i) =>
    bar({ value, most, step, x: i * step, title: `${mondays[i]}: ${value === null ? 'nothing' : say(value)}` }),
  )
  return html`<figure><figcaption>${name} <strong>${last ? say(last.value) : '–'}</strong></figcaption>
<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
<text x="0" y="12">${most > 0 ? say(most) : ''}</text><line x1="0" y1="${BASE}" x2="${WIDTH}" y2="${BASE}"></line>
!${bars}<text x="0" y="${HEIGHT - 4}">${mondays[0] ?? ''}</text><text x="${WIDTH}" y="${HEIGHT - 4}" text-anchor="end">${mondays.at(-1) ?? ''}</text></svg></figure>`
}

interface Bar {
  value: number | null
  most: number
  step: number
  x: number
  title: string
}

const bar = ({ value, most, step, x, title }: Bar): string => {
  if (value === null || most === 0) return ''
  // What is there is seen, however small beside the largest.
  const height = value === 0 ? 0 : Math.max(1.5, (value / most) * (BASE - TOP))
  const gap = step * 0.15
  return html`<rect x="${fixed(x + gap)}" y="${fixed(BASE - height)}" width="${fixed(step - 2 * gap)}" height="${fixed(height)}"><title>${title}</title></rect>`
}

const fixed = (value: number): string => value.toFixed(1)
