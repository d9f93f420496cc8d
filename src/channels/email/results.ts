import type { Story } from '../../thread/story.ts'
import { oneLine, type Part, webUrl } from './letter.ts'

const RESULTS = 10

/** The runs that ended, the last of them. */
export const results = (all: Story['results']): Part[] => {
  const items = all.slice(-RESULTS).map(({ status, service, environment, tag, sha, html_url }) => ({
    text: `${oneLine(service, 40)} ${oneLine(tag, 80)} on ${oneLine(environment, 40)}: ${status}`,
    url: webUrl(html_url),
    aside: sha.slice(0, 7),
  }))
  return items.length === 0 ? [] : [{ is: 'list', title: 'Runs', items }]
}
