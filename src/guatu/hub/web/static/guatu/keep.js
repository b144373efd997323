// What is typed into a form outlives a session that ends: it is kept in this tab, by person and address, and offered again.
// Never passwords, files, codes, or what is marked as about people; gone once it was taken, or when somebody signs out.
(() => {
  const [PREFIX, SENT] = ['typed:', 'typed-sent']
  const UNKEPT = 'input[type=password], input[type=file], input[type=hidden], [data-personal], [autocomplete=one-time-code]'
  const store = (() => { try { return window.sessionStorage } catch { return null } })()
  const keys = () => Object.keys(store).filter((key) => key.startsWith(PREFIX))
  const forget = (which) => keys().filter(which).forEach((key) => store.removeItem(key))
  const inChinese = document.documentElement.lang.startsWith('zh')

  function values (form) {
    const kept = {}
    for (const field of form.elements) {
      if (!field.name || field.matches(UNKEPT) || field.matches('button, fieldset, output')) continue
      if (field.matches('[type=checkbox], [type=radio]')) {
        if (field.checked !== field.defaultChecked) kept[`${field.name}=${field.value}`] = field.checked
      } else if (changed(field)) {
        kept[field.name] = field.value
      }
    }
    return kept
  }

  function changed (field) {
    if (!field.options) return field.value !== field.defaultValue
    const first = [...field.options].find((one) => one.defaultSelected) ?? field.options[0]
    return Boolean(first) && field.value !== first.value
  }

  function fill (form, kept) {
    for (const field of form.elements) {
      if (!field.name || field.matches(UNKEPT)) continue
      const ticked = kept[`${field.name}=${field.value}`]
      if (field.matches('[type=checkbox], [type=radio]')) { if (ticked !== undefined) field.checked = ticked } else if (kept[field.name] !== undefined) field.value = kept[field.name]
      field.dispatchEvent(new Event('change', { bubbles: true }))
    }
  }

  function offer (form, key, kept) {
    const [note, words, again, away] = ['div', 'p', 'button', 'button'].map((name) => document.createElement(name))
    note.className = 'notice then offered'
    note.setAttribute('role', 'status')
    words.textContent = inChinese ? '上次在这里写的还没有交，替您留着。' : 'What you wrote here was not sent; it was kept for you.'
    again.textContent = inChinese ? '填回去' : 'Put it back'
    away.textContent = inChinese ? '不要了' : 'Let it go'
    for (const one of [again, away]) { one.type = 'button'; one.className = 'plain' }
    again.addEventListener('click', () => { fill(form, kept); note.remove(); form.querySelector('input:not([type=hidden]), select, textarea')?.focus() })
    away.addEventListener('click', () => { store.removeItem(key); note.remove() })
    note.append(words, again, away)
    form.prepend(note)
  }

  function begin () {
    const person = document.body.dataset.person
    if (!store) return
    if (!person) return store.removeItem(SENT) // the session had ended: what was sent did not arrive
    forget((key) => !key.startsWith(`${PREFIX}${person}:`))
    const sent = store.getItem(SENT)
    store.removeItem(SENT)
    if (sent && !document.querySelector('.field.wrong, .notice.error')) store.removeItem(sent)
    for (const form of document.querySelectorAll('main form[method=post]')) {
      const key = `${PREFIX}${person}:${location.pathname}:${new URL(form.action, location.href).pathname}`
      const kept = JSON.parse(store.getItem(key) ?? '{}')
      if (Object.keys(kept).length && JSON.stringify(values(form)) !== JSON.stringify(kept)) offer(form, key, kept)
      const keep = () => { const now = values(form); if (Object.keys(now).length) store.setItem(key, JSON.stringify(now)) }
      if (!Object.keys(kept).length) keep() // what was typed before this script was there
      form.addEventListener('input', keep)
      form.addEventListener('submit', () => { keep(); store.setItem(SENT, key) })
    }
    document.querySelector('form[data-leaves]')?.addEventListener('submit', () => { forget(() => true); store.removeItem(SENT) })
  }

  document.addEventListener('DOMContentLoaded', begin)
})()
