// "/" leads to the search, "?" opens the help of the page, Escape closes it; none of them while somebody is typing.
document.addEventListener('keydown', (event) => {
  const help = document.querySelector('details.helping')
  if (event.key === 'Escape' && help?.open) {
    help.open = false
    help.querySelector('summary').focus()
    return
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (event.target.closest('input, select, textarea, [contenteditable], [data-map]')) return
  if (event.key === '/') {
    const seek = document.querySelector('#seek')
    if (seek) { event.preventDefault(); seek.focus(); seek.select() }
  } else if (event.key === '?' && help) {
    event.preventDefault()
    help.open = !help.open
    help.querySelector('summary').focus()
  }
})
document.addEventListener('click', (event) => {
  const help = document.querySelector('details.helping[open]')
  if (help && !help.contains(event.target)) help.open = false
})
