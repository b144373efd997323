// Counts down the seconds a page asks to wait; the button works again when they are over.
document.addEventListener('DOMContentLoaded', () => {
  const shown = document.querySelector('[data-wait]')
  if (!shown) return
  const button = document.querySelector('button[data-after-wait]')
  let left = Number(shown.dataset.wait)
  const show = () => {
    shown.textContent = left
    button.disabled = left > 0
    if (left > 0) { left -= 1; setTimeout(show, 1000) } else { shown.closest('.notice').hidden = true }
  }
  show()
})
