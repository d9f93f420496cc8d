import { AwsV4Signer } from 'aws4fetch'
import type { HttpRequest } from './requests.ts'

export interface Signer {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string | null
  region: string
  service: string
}

/** Signed for AWS (Signature Version 4): all headers that it has, its host, its body, and the time. */
export const sign = async (request: HttpRequest, signer: Signer, now: Date): Promise<HttpRequest> => {
  const { sessionToken, ...rest } = signer
  const signed = await new AwsV4Signer({
    ...request,
    ...rest,
    ...(sessionToken === null ? {} : { sessionToken }),
    datetime: now.toISOString().replace(/[-:]|\.\d+/g, ''),
    allHeaders: true,
  }).sign()
  return { ...request, headers: Object.fromEntries(signed.headers) }
}
