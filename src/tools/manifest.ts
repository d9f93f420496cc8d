import type { Apps, NewApp } from '../agent/ports.ts'
import { orNull, toToolError } from './errors.ts'
import { clientOf, here } from './github.ts'

/** Makes a GitHub App out of a manifest's code. It needs no sign-in: whoever has the code may have the App, once, within an hour. */
export const createApps = (apiUrl: string): Apps => {
  const Client = clientOf({ apiUrl, paceWrites: false })
  return {
    convert: async (code) => {
      try {
        return await convert(new Client(), code)
      } catch (error) {
        throw toToolError(error)
      }
    },
  }
}

const convert = async (octokit: InstanceType<ReturnType<typeof clientOf>>, code: string): Promise<NewApp | null> => {
  const made = await orNull(octokit.request('POST /app-manifests/{code}/conversions', { code, request: here }))
  if (!made) return null
  const { id, name, html_url: url, pem, webhook_secret } = made.data
  return { id: Number(id), name, url, private_key: pem, webhook_secret: webhook_secret ?? null }
}
