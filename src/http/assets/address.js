// What was refused stands at its form's address, where nothing can be read again: it is the page that the form is on.
const { address } = document.body.dataset
if (address && new URL(address, location.href).pathname !== location.pathname) history.replaceState(null, '', address)
