// Files may be dropped where they could be chosen; what was taken is listed. Without this the field works as it is.
document.addEventListener('DOMContentLoaded', () => {
  const field = document.querySelector('input[type=file][data-drop]')
  if (!field) return
  const zone = document.createElement('div')
  const [said, list] = [document.createElement('p'), document.createElement('ul')]
  const inChinese = document.documentElement.lang.startsWith('zh')
  zone.className = 'drop'
  said.textContent = inChinese ? '把文件拖到这里，可以一次拖多个；或者点下面选。' : 'Drop files here, several at once, or choose them below.'
  list.setAttribute('aria-live', 'polite')
  field.before(zone)
  zone.append(said, field, list)
  const show = () => list.replaceChildren(...[...field.files].map((file) => {
    const line = document.createElement('li')
    line.textContent = `${file.name} · ${Math.max(1, Math.round(file.size / 1024))} KB`
    return line
  }))
  for (const name of ['dragenter', 'dragover']) zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add('over') })
  for (const name of ['dragleave', 'drop']) zone.addEventListener(name, () => zone.classList.remove('over'))
  zone.addEventListener('drop', (event) => {
    event.preventDefault()
    if (event.dataTransfer.files.length) { field.files = event.dataTransfer.files; show() }
  })
  field.addEventListener('change', show)
})
