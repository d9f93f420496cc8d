// What a page gains by script: it stays true by itself, keeps what is written, and says how long ago. Everything works without.
import './address.js'
import './copy.js'
import './keys.js'
import './live.js'
import { restoreDrafts } from './drafts.js'
import { tellTimes } from './times.js'

restoreDrafts()
tellTimes()
