import type { Day, Freeze } from '../thread/freeze.ts'
import { isZone } from '../thread/zoned.ts'
import { quote } from './error.ts'
import type { DeploybotYaml } from './yaml-schema.ts'

type Written = NonNullable<DeploybotYaml['environments'][string]['freeze']>[number]

const TIME = /^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/
const FORMS = 'give days (with from and to as times), or dates, or from and to as dates'

/** What is wrong with a freeze that the schema lets pass: one line each. */
export const problemsOf = (freeze: Written): string[] => {
  const { days, dates, from, to, tz } = freeze
  const zone = isZone(tz) ? [] : [`tz: there is no time zone ${quote(tz)}; write one such as Europe/Berlin or UTC`]
  if (days && dates) return [...zone, `days and dates exclude each other: ${FORMS}`]
  if (dates && (from !== undefined || to !== undefined)) return [...zone, `dates are whole days: ${FORMS}`]
  if (dates) return [...zone, ...dates.filter((date) => !isDate(date)).map((date) => noDate('dates', date))]
  if (days) return [...zone, ...wrongTimes(from ?? '00:00', to ?? '24:00')]
  if (from === undefined || to === undefined) return [...zone, FORMS]
  return [...zone, ...wrongDates(from, to)]
}

const wrongTimes = (from: string, to: string): string[] => {
  const wrong = Object.entries({ from, to }).filter(([, time]) => !TIME.test(time))
  if (wrong.length > 0) return wrong.map(([key, time]) => `${key}: ${quote(time)} must be a time from 00:00 to 24:00`)
  const split = 'a window over midnight is two: one to 24:00, and one from 00:00 on the days after'
  return from < to ? [] : [`from ${quote(from)} must come before to ${quote(to)}; ${split}`]
}

const wrongDates = (from: string, to: string): string[] => {
  const wrong = Object.entries({ from, to }).filter(([, date]) => !isDate(date))
  if (wrong.length > 0) return wrong.map(([key, date]) => noDate(key, date))
  return from <= to ? [] : [`from ${quote(from)} must not come after to ${quote(to)}`]
}

const noDate = (key: string, date: string): string => `${key}: ${quote(date)} is no date such as 2026-12-24`

const isDate = (text: string): boolean => {
  const time = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** As the rules have it, once nothing is wrong with it. */
export const freezesOf = ({ days, dates, from, to, tz, reason }: Written): Freeze[] => {
  const said = { tz, reason }
  if (dates) return dates.map((date) => ({ first: date, last: date, ...said }))
  if (days) return [{ days: days as Day[], from: from ?? '00:00', to: to ?? '24:00', ...said }]
  return [{ first: from ?? '', last: to ?? '', ...said }]
}
