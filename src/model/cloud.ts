import { sign } from './aws.ts'
import { accessToken } from './google.ts'
import type { HttpRequest } from './requests.ts'
import type { SendOptions } from './transport.ts'

/** Who we are at AWS, and where. */
export interface AwsCloud {
  kind: 'aws'
  region: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string | null
}

/** A service account of Google Cloud, and where its models are. */
export interface GoogleCloud {
  kind: 'google'
  project: string
  location: string
  clientEmail: string
  privateKey: string
  keyId: string | null
  tokenUrl: string
}

export type Cloud = AwsCloud | GoogleCloud

/** Where Vertex AI offers Google's models, as the Gemini API has them under its own address. */
export const vertexUrl = ({ project, location }: GoogleCloud, baseUrl: string | undefined): string => {
  const host = location === 'global' ? 'aiplatform.googleapis.com' : `${location}-aiplatform.googleapis.com`
  const path = [project, 'locations', location].map(encodeURIComponent).join('/')
  return `${baseUrl ?? `https://${host}`}/v1/projects/${path}/publishers/google`
}

/** The request as this cloud takes it: signed, or with a token that was fetched for it. Without a cloud it is as it was. */
export const authorized = async (
  request: HttpRequest,
  { cloud, baseUrl }: { cloud?: Cloud | undefined; baseUrl?: string | undefined },
  options: SendOptions,
): Promise<HttpRequest> => {
  switch (cloud?.kind) {
    case undefined:
      return request
    case 'aws': {
      // BAML knows AWS' own addresses only.
      const { pathname, origin } = new URL(request.url)
      return sign({ ...request, url: `${baseUrl ?? origin}${pathname}` }, { ...cloud, service: 'bedrock' }, new Date())
    }
    case 'google': {
      const authorization = `Bearer ${await accessToken(cloud, options)}`
      return { ...request, headers: { ...request.headers, authorization } }
    }
  }
}
