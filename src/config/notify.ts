import type { Address } from '../thread/contact/address.ts'
import type { Rung } from '../thread/contact/ladder.ts'
import type { NoticeKind, NotifyRule } from '../thread/contact/notify.ts'
import { secondsIn } from '../thread/time.ts'
import { isZone } from '../thread/zoned.ts'
import { quote } from './error.ts'
import type { DeploybotYaml } from './yaml-schema.ts'

type At = (path: string[]) => string
type Where = { [Way in 'slack' | 'email' | 'webhook']?: string | undefined }

/** What is wrong with `notify:`, `escalation:` and quiet hours, a line each. */
export const notifyProblems = (yaml: DeploybotYaml, at: At): string[] => {
  const { notify = [], escalation = [], people, services, environments } = yaml
  const strange = (path: string[], what: string, names: string[] = [], known: object) =>
    names
      .filter((name) => !Object.hasOwn(known, name))
      .map((name) => `${at(path)}: there is no ${what} ${quote(name)}; there are: ${Object.keys(known).join(', ')}`)
  return [
    ...notify.flatMap((rule, i) => [
      ...(addressesIn(rule).length === 1 ? [] : [`${at(['notify', `${i}`])}: give one of slack, email and webhook`]),
      ...strange(['notify', `${i}`, 'services'], 'service', rule.services, services),
      ...strange(['notify', `${i}`, 'environments'], 'environment', rule.environments, environments),
    ]),
    ...escalation.flatMap(({ people: named }, i) => strange(['escalation', `${i}`, 'people'], 'person', named, people)),
    ...Object.entries(people).flatMap(([name, { quiet }]) =>
      quiet && !isZone(quiet.tz)
        ? [
            `${at(['people', name, 'quiet', 'tz'])}: there is no time zone ${quote(quiet.tz)}; a name such as Europe/Berlin`,
          ]
        : [],
    ),
  ]
}

export const notifyOf = ({ notify = [] }: DeploybotYaml): NotifyRule[] =>
  notify.flatMap(({ slack, email, webhook, on, ...where }) =>
    addressesIn({ slack, email, webhook }).map((address) => ({ address, on: on as NoticeKind[], ...where })),
  )

const addressesIn = ({ slack, email, webhook }: Where): Address[] => {
  const [team = '', channel = ''] = slack?.split('/') ?? []
  return [
    ...(slack === undefined ? [] : [{ slack: { team, channel } }]),
    ...(email === undefined ? [] : [{ email: { to: email } }]),
    ...(webhook === undefined ? [] : [{ webhook }]),
  ]
}

export const escalationOf = ({ escalation }: DeploybotYaml): Rung[] | undefined =>
  escalation?.map(({ after, by, people }) => ({
    after_seconds: after === undefined ? 0 : secondsIn(after),
    by: (by as Rung['by']) ?? null,
    ...(people === undefined ? {} : { people }),
  }))
