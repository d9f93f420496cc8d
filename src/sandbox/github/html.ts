import { type Html, html } from '../html.ts'

export const layout = (title: string, body: Html): string =>
  `<!doctype html>${
    html`<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>${title} (sandbox)</title>
      <style>body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}dt{font-weight:600}</style>
      <h1>${title}</h1>${body}</html>`.markup
  }`
