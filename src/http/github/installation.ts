import Type from 'typebox'
import { Value } from 'typebox/value'
import type { Listener } from './heard.ts'

const Action = Type.Object({ action: Type.String({ maxLength: 40 }) })

/** The App was installed, taken away, suspended or given other repositories: its installation is looked for anew at the next call. */
export const installation: Listener = async (heard, { forgetInstallations }) => {
  forgetInstallations()
  const action = Value.Check(Action, heard.payload) ? heard.payload.action : null
  heard.log.info({ delivery_id: heard.delivery, event: heard.event, action }, 'the installation of the App changed')
  return { ok: true }
}
