/** Markup that is safe to send: only `html` makes it, and it escapes whatever is put in. */
export interface Html {
  readonly markup: string
}

type Part = Html | Html[] | string | number

export const html = (texts: TemplateStringsArray, ...parts: Part[]): Html => ({
  markup: texts.reduce((done, text, index) => `${done}${render(parts[index - 1] ?? '')}${text}`),
})

const render = (part: Part): string => {
  if (Array.isArray(part)) return part.map(render).join('')
  return typeof part === 'object' ? part.markup : escapeHtml(String(part))
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter)

export const layout = (title: string, body: Html): string =>
  `<!doctype html>${
    html`<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>${title} (sandbox)</title>
      <style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}dt{font-weight:600}</style>
      <h1>${title}</h1>${body}</html>`.markup
  }`
