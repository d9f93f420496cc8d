import AjvCompiler from '@fastify/ajv-compiler'
import StringifyCompiler from '@fastify/fast-json-stringify-compiler'

type ValidatorFactory = ReturnType<typeof AjvCompiler>
type Validator = ReturnType<ReturnType<ValidatorFactory>>
type SerializerFactory = ReturnType<typeof StringifyCompiler>
type Serializer = ReturnType<ReturnType<SerializerFactory>>

// Ajv remembers by itself what it has compiled.
const validators = AjvCompiler()
const serializers = StringifyCompiler()
const made = new WeakMap<object, Serializer>()

const buildValidator: ValidatorFactory = (schemas, options) => {
  const compile = validators(schemas, options)
  return (route) => {
    let validate: Validator | undefined
    const check = ((data: unknown) => {
      validate ??= compile(route)
      const isValid = validate(data)
      check.errors = validate.errors ?? null
      return isValid
    }) as Validator
    return check
  }
}

const buildSerializer: SerializerFactory = (schemas, options) => {
  const compile = serializers(schemas, options)
  return (route) => (data) => {
    const schema = route.schema as object
    const serialize = made.get(schema) ?? compile(route)
    made.set(schema, serialize)
    return serialize(data)
  }
}

/**
 * Fastify's own compilers; but a schema is compiled when the first request comes to it, and once for all apps of a process.
 * Compiling all of them was a sixth of each start, and of the hundreds of apps that tests build.
 */
export const compilersFactory = { buildValidator, buildSerializer }
