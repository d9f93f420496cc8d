import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** The name leads into a network where nothing may be sent. */
export class Forbidden extends Error {}

const listOf = (...ranges: [network: string, prefix: number][]): BlockList => {
  const list = new BlockList()
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4')
  return list
}

// Where no program of a team is: "this" network, metadata services of clouds (link-local), multicast, reserved. Also what would
// carry another address inside (6to4, NAT64), as it would go by the lists.
const NOWHERE = listOf(
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.88.99.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fe80::', 10],
  ['ff00::', 8],
  // The metadata service of one cloud has a private address.
  ['fd00:ec2::', 32],
)

const PRIVATE = listOf(
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['::1', 128],
  ['fc00::', 7],
  ['fec0::', 10],
)

/** Whether nothing is sent to this IP address; `trusted`: it may be in a private network. */
export const isForbidden = (address: string, trusted: boolean): boolean => {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return NOWHERE.check(address, family) || (!trusted && PRIVATE.check(address, family))
}

/**
 * Resolves a name for the very connection that is made: checked before and resolved again, a name could lead elsewhere by then.
 * One forbidden address among several is enough to refuse.
 */
export const lookupFor =
  (trusted: boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const bad = addresses.find(({ address }) => isForbidden(address, trusted))
      if (bad) return callback(new Forbidden(`${hostname} is in a network where nothing is sent`), [])
      const [first] = addresses
      if (options.all || !first) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }
