// The table in the hand: cells open where they stand, arrows go from cell to cell, a block from a spreadsheet is pasted.
(() => {
  const former = new WeakMap()
  const cells = row => [...row.querySelectorAll('a.cell')]
  const HOLDER = '.naming, td'
  const leave = td => {
    if (!former.has(td)) return
    td.innerHTML = former.get(td)
    former.delete(td)
    td.querySelector('a.cell')?.focus()
  }

  document.addEventListener('change', event => {
    if (event.target.matches('[data-sends]')) event.target.form.requestSubmit()
    if (event.target.matches('[data-ticks]')) {
      document.querySelectorAll('input[name="item"]').forEach(one => { one.checked = event.target.checked })
    }
  })

  document.addEventListener('click', event => {
    const cell = event.target.closest('a.cell')
    if (cell && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault()
      const td = cell.closest(HOLDER)
      former.set(td, td.innerHTML)
      htmx.ajax('GET', cell.getAttribute('href'), { target: td, swap: 'innerHTML' })
    }
    if (event.target.matches('[data-leaves]')) leave(event.target.closest(HOLDER))
  })

  document.addEventListener('htmx:afterSwap', event => {
    const td = event.detail.target
    const box = td.querySelector('.cellform input:not([type="hidden"]), .cellform select, .cellform textarea')
    if (box) { box.focus(); if (box.select) box.select(); return }
    const fresh = td.querySelector('[data-revision]')
    if (!fresh) return
    former.delete(td)
    const [item] = fresh.dataset.revision.split(':')
    document.querySelectorAll('input[name="item"]').forEach(one => {
      if (one.value.split(':')[0] === item) one.value = fresh.dataset.revision
    })
    td.querySelector('a.cell')?.focus()
  })

  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && event.target.closest('.cellform')) { leave(event.target.closest(HOLDER)); return }
    const cell = event.target.closest?.('a.cell')
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key]
    if (!cell || !steps) return
    const rows = [...document.querySelectorAll('.grid tbody tr')].filter(row => row.querySelector('a.cell'))
    const row = rows.indexOf(cell.closest('tr'))
    const place = cells(rows[row]).indexOf(cell)
    const next = rows[row + steps[0]] && cells(rows[row + steps[0]])[place + steps[1]]
    if (next) { event.preventDefault(); next.focus() }
  })

  document.addEventListener('paste', event => {
    const cell = document.activeElement?.closest?.('a.cell')
    const form = document.getElementById('pasting')
    if (!cell || !form) return
    event.preventDefault()
    form.elements.block.value = event.clipboardData.getData('text/plain')
    form.elements.first.value = cell.getAttribute('href').split('/').pop()
    const rows = [...document.querySelectorAll('.grid tbody tr')].filter(row => row.querySelector('a.cell'))
    form.querySelectorAll('input[name="item"]').forEach(one => one.remove())
    rows.slice(rows.indexOf(cell.closest('tr'))).forEach(row => {
      const held = document.createElement('input')
      held.type = 'hidden'
      held.name = 'item'
      held.value = row.querySelector('input[type="checkbox"]').value
      form.append(held)
    })
    form.requestSubmit()
  })
})()
