/** How the page looks: it is one file, to be sent on, so nothing is loaded. */
export const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 70rem; margin: 0 auto; padding: 1rem; }
.figures { display: flex; flex-wrap: wrap; gap: 1.5rem; margin: 1rem 0 2rem; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; }
section { border-top: 1px solid GrayText; padding: 0.5rem 0 1rem; }
h2 { font-size: 1rem; overflow-wrap: anywhere; }
h2 time { font-weight: 400; }
h3 { margin: 0; font-size: 1rem; }
.sides { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.side { min-width: 0; }
.side p { margin: 0; }
.good::before { content: '✓ '; }
.bad::before { content: '✗ '; }
pre { margin: 0.5rem 0 0; padding: 0.75rem; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid GrayText; border-radius: 0.25rem; }
`
