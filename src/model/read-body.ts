import { ModelError } from './errors.ts'

const LARGEST_BODY = 64 * 1024

/** The whole body as text; stops reading as soon as it is larger than any honest answer. */
export const readBody = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > LARGEST_BODY) {
      throw new ModelError('model_unreadable', `the answer is larger than ${LARGEST_BODY / 1024} KB`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
