import { registerHooks } from 'node:module'

// Loaded before the service by `node --import`: says which OpenTelemetry packages it loads.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    const [, name] = /node_modules\/(@opentelemetry\/[\w-]+)\//.exec(resolved.url) ?? []
    if (name) process.stderr.write(`loaded ${name}\n`)
    return resolved
  },
})
