import { existsSync } from 'node:fs'
import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => existsSync(path))

/** Whether there is a browser at all: the one in the packages runs on 64-bit Intel Linux alone. */
export const hasBrowser = INSTALLED !== undefined || (process.platform === 'linux' && process.arch === 'x64')

/** The Chrome of this machine, or the one in the packages. */
export const launch = async (): Promise<Browser> =>
  INSTALLED
    ? chromium.launch({ executablePath: INSTALLED, args: ['--no-sandbox'] })
    : chromium.launch({ executablePath: await sparticuz.executablePath(), args: argsOfThePackage() })

// In one process the browser ends with its first page: seen with 153.0.0.
const argsOfThePackage = (): string[] => sparticuz.args.filter((one) => one !== '--single-process')
