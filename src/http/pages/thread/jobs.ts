import { html } from 'ghtml'
import type { JobReport } from '../../../thread/event.ts'
import { inWords, line } from '../words.ts'

const MOST = 30

/** The jobs of a run, as GitHub last told them. */
export const jobList = (jobs: readonly JobReport[]): string => {
  if (jobs.length === 0) return ''
  const ended = jobs.filter(({ status }) => status === 'completed').length
  return html`<p><progress value="${ended}" max="${jobs.length}" aria-label="Jobs that have ended"></progress> ${ended} of ${jobs.length} jobs have ended</p>
<ul class="rows">!${jobs.slice(0, MOST).map(job)}</ul>`
}

const job = ({ name, status, conclusion }: JobReport): string =>
  html`<li><span class="why">${line(name, 120)}</span><span class="status ${moodOf(conclusion)}">${inWords(conclusion ?? status)}</span></li>`

const moodOf = (conclusion: string | null): string => {
  if (conclusion === null) return ''
  return conclusion === 'success' || conclusion === 'skipped' ? 'good' : 'bad'
}
