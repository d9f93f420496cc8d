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
