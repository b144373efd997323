// Keeps what is typed into a report on this device until it is sent, and says an amount in the units beside its own.
document.addEventListener('DOMContentLoaded', () => {
  const form = document.querySelector('form[data-draft]')
  if (!form) return
  const inputs = [...form.querySelectorAll('input[inputmode], textarea')]
  const first = Object.fromEntries(inputs.map(one => [one.name, one.value]))
  const key = `guatu/figures/${form.dataset.draft}`
  const seen = form.dataset.seen
  const said = document.querySelector('[data-draft-said]')

  const number = text => {
    const plain = text.normalize('NFKC').replaceAll('−', '-').replace(/[,\s]/g, '')
    return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null
  }
  const shown = (value, decimals) => value.toLocaleString('en', { maximumFractionDigits: decimals }).replaceAll(',', '\u2009')
  const words = input => {
    const typed = number(input.value)
    const times = Number(input.dataset.times)
    if (typed === null || !times) return ''
    const yuan = typed * times
    return JSON.parse(input.dataset.spoken)
      .filter(([of]) => of !== times && (of < 1e8 || Math.abs(yuan) >= 1e6))
      .map(([of, unit]) => `${shown(yuan / of, of === 1 ? 2 : 6)}${unit}`).join(' = ')
  }
  const echo = () => inputs.forEach(input => {
    const output = form.querySelector(`output[for="${input.id}"]`)
    if (output) output.value = words(input)
    const copy = form.querySelector(`[data-of="${input.id}"]`)
    if (copy) copy.textContent = input.value || '—'
  })

  const kept = () => { try { return JSON.parse(localStorage.getItem(key)) } catch { return null } }
  const drop = () => { try { localStorage.removeItem(key) } catch { /* the browser keeps nothing for us */ } }
  const keep = more => {
    const values = Object.fromEntries(inputs.map(one => [one.name, one.value]))
    try { localStorage.setItem(key, JSON.stringify({ seen, values, ...more })) } catch { /* full, or not allowed */ }
  }

  const draft = kept()
  if (draft && draft.sent && draft.seen !== seen) drop()
  else if (draft && !form.classList.contains('looked')) {
    const other = inputs.filter(one => one.name in draft.values && draft.values[one.name] !== first[one.name])
    other.forEach(one => { one.value = draft.values[one.name] })
    if (other.length && said) {
      said.hidden = false
      said.querySelector('[data-draft-changed]').hidden = draft.seen === seen
    }
  }
  echo()
  form.addEventListener('input', () => { keep({}); echo() })
  form.addEventListener('submit', () => keep({ sent: true }))
  document.querySelector('[data-draft-drop]')?.addEventListener('click', () => {
    drop()
    inputs.forEach(one => { one.value = first[one.name] })
    said.hidden = true
    echo()
  })

  const phone = window.matchMedia('(max-width: 40rem)')
  const focus = () => { if (phone.matches && location.hash) document.querySelector(location.hash)?.querySelector('input[inputmode]')?.focus() }
  window.addEventListener('hashchange', focus)
  form.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !event.target.matches('input[inputmode]')) return
    event.preventDefault()
    const next = event.target.closest('.question').querySelector('.steps a:last-child')
    if (phone.matches) next?.click()
    else inputs[inputs.indexOf(event.target) + 1]?.focus()
  })
})
