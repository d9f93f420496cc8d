import twilio from 'twilio'

const DEADLINE_MS = 10_000

export interface TwilioSettings {
  accountSid: string
  authToken: string
  apiUrl: string
  deadlineMs?: number
}

/** Twilio's client for whatever listens at `apiUrl`: it has no setting for that itself. One try a call; who calls decides about another. */
export const createTwilio = ({ accountSid, authToken, apiUrl, deadlineMs = DEADLINE_MS }: TwilioSettings) =>
  twilio(accountSid, authToken, { httpClient: new At(apiUrl, deadlineMs), autoRetry: false })

class At extends twilio.RequestClient {
  readonly #apiUrl: string
  constructor(apiUrl: string, deadlineMs: number) {
    super({ timeout: deadlineMs, autoRetry: false })
    this.#apiUrl = apiUrl
  }
  override request: twilio.RequestClient['request'] = (options) => {
    const { pathname, search } = new URL(options.uri)
    return super.request({ ...options, uri: `${this.#apiUrl}${pathname}${search}`, timeout: this.defaultTimeout })
  }
}
