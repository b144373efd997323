// A drawer beside the page: what htmx puts into it is read first; closed by its button or Escape, one is back where one was.
(() => {
  let opener = null
  const close = (drawer) => {
    drawer.replaceChildren()
    if (opener) opener.focus()
    opener = null
  }
  document.addEventListener('htmx:afterSwap', (event) => {
    const drawer = event.target.closest('.drawer')
    if (!drawer) return
    opener = event.detail.requestConfig.elt
    const head = drawer.querySelector('h2')
    if (head) head.focus()
  })
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-close]')
    if (button) close(button.closest('.drawer'))
  })
  document.addEventListener('keydown', (event) => {
    const drawer = document.querySelector('.drawer:not(:empty)')
    if (event.key === 'Escape' && drawer) close(drawer)
  })
})()
