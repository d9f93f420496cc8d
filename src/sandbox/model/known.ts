import { list, record, type Setup, type Told, words } from './parse.ts'

export interface Live {
  service: string
  environment: string
  /** The tag, or the SHA where it was deployed without one. */
  what: string
  sha: string
  url: string
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
  const results = (type: string) => events.filter((event) => event.type === type).map(({ data }) => data)
  const tags = results('list_git_tags_result').at(-1)
  const looks = results('check_deployment_status_result').map(({ live }) => list(live).map(liveOf))
  const shown = results('approval_requested').map((data) => ({ ...placeOf(data), what: words(data['now_live']) }))
  return {
    ...setup,
    tags: tags ? list(tags['tags']).map((tag) => words(record(tag)['name'])) : null,
    moreTags: tags?.['more'] === true,
    live: looks.at(-1) ?? null,
    firstLook: looks[0] ?? [],
    seen: [...looks.flat(), ...shown.filter(({ what }) => what !== '')],
  }
}

const placeOf = (data: Record<string, unknown>) => ({
  service: words(data['service']),
  environment: words(data['environment']),
})

const liveOf = (item: unknown): Live => {
  const data = record(item)
  const sha = words(data['sha'])
  return { ...placeOf(data), what: words(data['tag']) || sha, sha, url: words(data['url']) }
}

export const liveAt = (known: Known, service: string, environment: string): Live | undefined =>
  known.live?.find((live) => live.service === service && live.environment === environment)

/** The story is read from its beginning each time: what was decided on the first look must not change with the last. */
export const liveAtFirst = (known: Known, service: string, environment: string): Live | undefined =>
  known.firstLook.find((live) => live.service === service && live.environment === environment)

/** What was live there before `not`, as far as this thread has seen. */
export const liveBefore = (known: Known, service: string, environment: string, not: string | undefined) =>
  known.seen.findLast((one) => one.service === service && one.environment === environment && one.what !== not)?.what
