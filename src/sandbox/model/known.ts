import { list, record, type Setup, type Told, words } from './parse.ts'

export interface Live {
  service: string
  environment: string
  /** The tag, or the SHA where it was deployed without one. */
  what: string
  /** Its first digits. */
  sha: string
}

/** What the thread's facts say by now. */
export interface Known extends Setup {
  /** Newest first; null: nobody looked yet. */
  tags: string[] | null
  moreTags: boolean
  /** What is live; null: nobody looked yet. */
  live: Live[] | null
  /** What was live when somebody looked for the first time. */
  firstLook: Live[]
  /** Everything that was seen live since the thread began, oldest first. */
  seen: Pick<Live, 'service' | 'environment' | 'what'>[]
}

/** Facts hold for the whole thread: the newest of each kind, wherever they stand. */
export const gather = (setup: Setup, events: readonly Told[]): Known => {
  // What came out as before says only that.
  const results = (type: string) =>
    events.filter((event) => event.type === type && event.data['unchanged'] !== true).map(({ data }) => data)
  const tags = results('list_git_tags_result').at(-1)
  const looks = results('check_deployment_status_result').map(liveIn)
  const shown = results('approval_requested').map((data) => ({ ...placeOf(data), what: nameIn(data['now_live']) }))
  return {
    ...setup,
    tags: tags ? list(tags['tags']).map(nameIn) : null,
    moreTags: tags !== undefined && tags['more'] !== undefined,
    live: looks.at(-1) ?? null,
    firstLook: atFirst(events),
    seen: [...looks.flat(), ...shown.filter(({ what }) => what !== '')],
  }
}

/** The first look that is still shown, and before it what the deployments until then replaced. */
const atFirst = (events: readonly Told[]): Live[] => {
  const first = events.findIndex(({ type }) => type === 'check_deployment_status_result')
  const look = liveIn(events[first]?.data ?? {})
  const ended = events.slice(0, Math.max(0, first)).filter(({ data }) => data['status'] === 'success')
  return ended.reduceRight((live, { data }) => {
    const place = placeOf(data)
    const others = live.filter((one) => one.service !== place.service || one.environment !== place.environment)
    return nameIn(data['replaced']) === '' ? others : [...others, { ...place, ...lineOf(data['replaced']) }]
  }, look)
}

const placeOf = (data: Record<string, unknown>) => ({
  service: words(data['service']),
  environment: words(data['environment']),
})

const liveIn = ({ live }: Record<string, unknown>): Live[] =>
  Object.entries(record(live)).flatMap(([service, places]) =>
    Object.entries(record(places)).map(([environment, line]) => ({ service, environment, ...lineOf(line) })),
  )

/** "v1.2.3 73e95c5 since 2026-02-27": the tag where there is one, and the commit. */
const lineOf = (line: unknown): Pick<Live, 'what' | 'sha'> => {
  const [what = '', sha = ''] = words(line).split(' ')
  return { what, sha: /^[0-9a-f]{7}$/.test(sha) ? sha : what }
}

const nameIn = (line: unknown): string => lineOf(line).what

export const liveAt = (known: Known, service: string, environment: string): Live | undefined =>
  known.live?.find((live) => live.service === service && live.environment === environment)

/** The story is read from its beginning each time: what was decided on the first look must not change with the last. */
export const liveAtFirst = (known: Known, service: string, environment: string): Live | undefined =>
  known.firstLook.find((live) => live.service === service && live.environment === environment)

/** What was live there before `not`, as far as this thread has seen. */
export const liveBefore = (known: Known, service: string, environment: string, not: string | undefined) =>
  known.seen.findLast((one) => one.service === service && one.environment === environment && one.what !== not)?.what
