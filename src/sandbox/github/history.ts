import { aiko, maya, sam, tomas } from './people.ts'
import type { Person } from './state.ts'

/** The shop's history on `main`, oldest first: who, what and, where the commit was released, under which tag. */
export const history: { by: Person; message: string; tag?: string; annotated?: boolean }[] = [
  { by: maya, message: 'Start the shop: catalogue, cart and a health check' },
  { by: tomas, message: 'Add the storefront skeleton' },
  { by: maya, message: 'Store carts in Postgres instead of memory' },
  { by: aiko, message: 'Deploy backend and frontend from workflow_dispatch' },
  { by: tomas, message: 'Product page: images, price and stock' },
  { by: maya, message: 'Release 1.0.0', tag: 'v1.0.0', annotated: true },
  { by: sam, message: 'Fix rounding of VAT on discounted items' },
  { by: maya, message: 'Retry payment capture once on a gateway time-out', tag: 'v1.0.1' },
  { by: aiko, message: 'Run end-to-end tests against staging' },
  { by: tomas, message: 'Search: suggestions while typing' },
  { by: sam, message: 'Add the orders export for accounting' },
  { by: maya, message: 'Index orders by customer and date' },
  { by: tomas, message: 'Keep the cart when a session expires' },
  { by: sam, message: 'Release 1.1.0', tag: 'v1.1.0', annotated: true },
  { by: aiko, message: 'Pin the base image by digest' },
  { by: sam, message: 'Do not send the order mail twice', tag: 'v1.1.1' },
  { by: maya, message: 'Split the payment module from checkout' },
  { by: tomas, message: 'Checkout in two steps instead of four' },
  { by: maya, message: 'Accept SEPA direct debit' },
  { by: sam, message: 'Show delivery times per country' },
  { by: aiko, message: 'Trace requests from storefront to database' },
  { by: tomas, message: 'Load product images lazily' },
  { by: maya, message: 'Release 1.2.0', tag: 'v1.2.0', annotated: true },
  { by: sam, message: 'Fix stock going negative under concurrent orders' },
  { by: maya, message: 'Lock the stock row while an order is placed', tag: 'v1.2.1' },
  { by: tomas, message: 'Fix keyboard focus in the cart drawer' },
  { by: aiko, message: 'Raise the connection pool from 10 to 25' },
  { by: sam, message: 'Translate error pages to German and French', tag: 'v1.2.2', annotated: true },
  { by: maya, message: 'Cache the category tree for a minute' },
  { by: tomas, message: 'Storefront: show the price per unit' },
  { by: sam, message: 'Refuse coupon codes after their last day' },
  { by: aiko, message: 'Alert when payment capture takes over 5 s' },
  { by: maya, message: 'Fix time-out of large carts at checkout', tag: 'v1.2.3', annotated: true },
  { by: tomas, message: 'Remember the chosen delivery country' },
  { by: sam, message: 'Guest checkout without a password' },
  { by: maya, message: 'Round shipping costs like the invoice does', tag: 'v1.2.4' },
  { by: aiko, message: 'Build images for arm64 as well' },
  { by: tomas, message: 'Storefront: dark colours follow the system' },
  { by: sam, message: 'Write refunds to the orders export' },
  {
    by: maya,
    message:
      'Speed up the stock query on the product page\n\nOne index scan instead of two: p95 down from 90 ms to 12 ms.',
  },
]

/** A branch that left `main` after v1.2.2, so that there is something to compare that went apart. */
export const hotfix = { branch: 'hotfix/coupons', from: 'v1.2.2', by: sam, message: 'Hotfix: ignore expired coupons' }

/** What was deployed before the story begins, oldest first. */
export const deployed: { environment: string; at: string; ref: string }[] = [
  { environment: 'staging', ref: 'v1.2.2', at: '2026-02-18T09:20:00Z' },
  { environment: 'production', ref: 'v1.2.2', at: '2026-02-19T10:05:00Z' },
  { environment: 'staging', ref: 'v1.2.4', at: '2026-02-26T13:40:00Z' },
  { environment: 'staging', ref: 'main', at: '2026-02-27T15:30:00Z' },
  { environment: 'staging', ref: 'v1.2.3', at: '2026-02-27T16:10:00Z' },
]

export const services = ['backend', 'frontend']
/** When the newest commit of the seed was written; each earlier one is 11 hours older. */
export const headAt = Date.parse('2026-02-27T15:12:00Z')
