import { expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { spawnService } from '../support/process.ts'
import { processSettings } from '../support/process-settings.ts'

const loaded = async (env: Record<string, string>): Promise<string[]> => {
  const service = await spawnService({
    ...(await processSettings()),
    NODE_OPTIONS: `--import ${import.meta.resolve('./imports.ts')}`,
    ...env,
  })
  await service.terminate()
  return [...new Set([...service.output().matchAll(/^loaded (.*)$/gm)].map(([, name]) => name ?? ''))].sort()
}

// The API is prom-client's: a few kilobytes that do nothing without an SDK.
test('without an endpoint nothing of the tracing SDK is loaded', async () =>
  expect(await loaded({})).toEqual(['@opentelemetry/api']))

test('with an endpoint it is', async () =>
  expect(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` })).toEqual(
    expect.arrayContaining(['@opentelemetry/exporter-trace-otlp-http', '@opentelemetry/sdk-trace']),
  ))
