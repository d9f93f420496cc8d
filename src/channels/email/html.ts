import type { Letter, Part, Value } from './letter.ts'
import { COLOURS, STYLE } from './style.ts'

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter)

/**
 * The letter as HTML: blocks and one style sheet, no image and no script. Sizes and colours are inline too, for programs that drop the
 * sheet; where it is kept, it turns the colours in the dark.
 */
export const asHtml = ({ headline, tone, parts }: Letter): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(headline)}</title>
<style>${STYLE}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f4f5f7;color:#1c2330;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div class="card" style="max-width:600px;margin:0 auto;padding:20px;background:#ffffff;border-top:6px solid ${COLOURS[tone]}">
<h1 class="head" style="margin:0 0 16px;font-size:21px;line-height:1.3;overflow-wrap:anywhere">${escaped(headline)}</h1>
${parts.map(part).join('\n')}
</div>
</body>
</html>
`

const part = (one: Part): string => {
  switch (one.is) {
    case 'alert':
      return `<p class="alert" style="margin:0 0 16px;padding:12px 14px;background:#b42318;color:#ffffff;font-weight:700">${escaped(one.text)}</p>`
    case 'facts':
      return `<div class="facts" style="margin:0 0 16px">${one.rows.map(row).join('')}</div>`
    case 'list':
      return `<h2 class="head" style="margin:16px 0 4px;font-size:16px">${escaped(one.title)}</h2>
<ul style="margin:0 0 16px;padding-left:20px">${one.items.map((item) => `<li style="margin:0 0 4px;overflow-wrap:anywhere">${value(item)}</li>`).join('')}</ul>`
    case 'words':
      return `<blockquote class="words" style="margin:0 0 16px;padding:10px 14px;background:#f0f2f5;border-left:4px solid #98a2b3;white-space:pre-wrap;overflow-wrap:anywhere">${escaped(one.text)}</blockquote>`
    case 'code':
      return `<p class="words" style="margin:0 0 16px;padding:12px 14px;background:#f0f2f5">${escaped(one.label)}<br><b style="font:700 24px/1.6 ui-monospace,Menlo,Consolas,monospace;letter-spacing:2px">${escaped(one.code)}</b></p>`
    case 'button':
      return `<p style="margin:20px 0"><a class="button" href="${escaped(one.url)}" style="display:block;padding:16px 20px;background:#1f5fd6;color:#ffffff;font-size:18px;font-weight:700;text-align:center;text-decoration:none;border-radius:8px">${escaped(one.label)}</a></p>`
    case 'note':
      return `<p class="quiet" style="margin:0 0 12px;font-size:14px;color:#5b6576">${escaped(one.text)}</p>`
  }
}

const row = ([label, shown]: [string, Value]): string =>
  `<p class="fact" style="margin:0;padding:7px 0 7px 112px;text-indent:-112px;border-bottom:1px solid #e2e6ec;overflow-wrap:anywhere"><span class="quiet" style="display:inline-block;width:112px;text-indent:0;color:#5b6576">${escaped(label)}</span><b>${value(shown)}</b></p>`

const value = ({ text, url, aside }: Value): string => {
  const words = url
    ? `<a class="link" href="${escaped(url)}" style="color:#1f5fd6">${escaped(text)}</a>`
    : escaped(text)
  return aside === undefined
    ? words
    : `${words} <span class="quiet" style="color:#5b6576;font-weight:400">(${escaped(aside)})</span>`
}
