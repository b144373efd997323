// The moving map: districts washed as the table behind says, items as glyphs and clusters, places picked by a click.
// The drawing in the page stays for paper, and for browsers that cannot draw this.
const frame = document.querySelector('[data-map]')
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const WASHES = [0, 1, 2, 3, 4, 5].map((step) => token(`--wash-${step}`))
const LIGHTS = {
  normal: ['disc', '--light-normal'], notice: ['diamond', '--light-notice'], attention: ['triangle', '--light-attention'],
  serious: ['diamond', '--light-serious'], lagging: ['square', '--light-lagging'], not_judged: ['ring', '--light-not-judged'],
}
const SIZE = 18 * Math.ceil(window.devicePixelRatio)

function glyph (shape, colour) {
  const canvas = Object.assign(document.createElement('canvas'), { width: SIZE, height: SIZE })
  const pen = canvas.getContext('2d')
  const [half, reach] = [SIZE / 2, SIZE * 0.36]
  pen.beginPath()
  if (shape === 'triangle') {
    pen.moveTo(half, half - reach); pen.lineTo(half + reach, half + reach * 0.8); pen.lineTo(half - reach, half + reach * 0.8)
  } else if (shape === 'square') {
    pen.rect(half - reach * 0.85, half - reach * 0.85, reach * 1.7, reach * 1.7)
  } else if (shape === 'diamond') {
    pen.moveTo(half, half - reach); pen.lineTo(half + reach, half); pen.lineTo(half, half + reach); pen.lineTo(half - reach, half)
  } else {
    pen.arc(half, half, shape === 'plain' ? reach * 0.8 : reach * 0.85, 0, 7)
  }
  pen.closePath()
  pen.lineWidth = SIZE * 0.16
  pen.strokeStyle = shape === 'ring' ? colour : token('--sheet')
  pen.fillStyle = shape === 'ring' ? token('--sheet') : colour
  pen.stroke(); pen.fill()
  if (shape === 'ring') { pen.lineWidth = SIZE * 0.1; pen.stroke() }
  return pen.getImageData(0, 0, SIZE, SIZE)
}

function boxOf (areas, points) {
  const box = [180, 90, -180, -90]
  const take = (one) => {
    if (typeof one[0] !== 'number') return one.forEach(take)
    box[0] = Math.min(box[0], one[0]); box[1] = Math.min(box[1], one[1])
    box[2] = Math.max(box[2], one[0]); box[3] = Math.max(box[3], one[1])
  }
  for (const one of [...areas.features, ...points.features]) take(one.geometry.coordinates)
  return box[0] > box[2] ? [73, 18, 135, 54] : box
}

// What the table says of each district is what the map washes and labels.
function said (areas) {
  const rows = new Map([...document.querySelectorAll('[data-code]')].map((row) => [row.dataset.code, row]))
  const labels = []
  for (const one of areas.features) {
    const row = rows.get(one.properties.code)
    one.properties.step = row ? Number(row.dataset.step) : 0
    if (!row) continue
    Object.assign(one.properties, { unit: row.dataset.unit, name: row.querySelector('th').textContent, said: row.dataset.said })
    labels.push({ type: 'Feature', geometry: { type: 'Point', coordinates: middle(one.geometry.coordinates) }, properties: one.properties })
  }
  return { type: 'FeatureCollection', features: labels }
}

// The centre of gravity of the largest ring.
function middle (polygons) {
  let best = [0, polygons[0][0][0]]
  for (const [ring] of polygons) {
    let [twice, x, y] = [0, 0, 0]
    for (let place = 0; place + 1 < ring.length; place += 1) {
      const [a, b] = [ring[place], ring[place + 1]]
      const part = a[0] * b[1] - b[0] * a[1]
      twice += part; x += (a[0] + b[0]) * part; y += (a[1] + b[1]) * part
    }
    if (Math.abs(twice) > best[0]) best = [Math.abs(twice), [x / (3 * twice), y / (3 * twice)]]
  }
  return best[1]
}

function style (areas, labels, base) {
  const sources = {
    areas: { type: 'geojson', data: areas },
    labels: { type: 'geojson', data: labels },
  }
  const layers = [{ id: 'ground', type: 'background', paint: { 'background-color': token('--sheet') } }]
  for (const [name, tiles] of Object.entries(base)) {
    sources[name] = { type: 'raster', tiles, tileSize: 256, maxzoom: 18 }
    layers.push({ id: name, type: 'raster', source: name, layout: { visibility: 'none' } })
  }
  const step = ['match', ['get', 'step'], 1, WASHES[1], 2, WASHES[2], 3, WASHES[3], 4, WASHES[4], 5, WASHES[5], WASHES[0]]
  layers.push(
    { id: 'wash', type: 'fill', source: 'areas', paint: { 'fill-color': step } },
    { id: 'edge', type: 'line', source: 'areas', paint: { 'line-color': token('--ink-soft'), 'line-width': 0.8 } },
  )
  return { version: 8, sources, layers }
}

const names = {
  id: 'names', type: 'symbol', source: 'labels',
  layout: {
    'text-field': ['format', ['get', 'name'], { 'font-scale': 1 }, '\n', {}, ['get', 'said'], { 'font-scale': 0.9 }],
    'text-size': 13, 'text-variable-anchor': ['center', 'left', 'right', 'top', 'bottom'], 'text-radial-offset': 0.4, 'text-justify': 'auto',
  },
  paint: { 'text-color': token('--ink'), 'text-halo-color': token('--sheet'), 'text-halo-width': 1.6 },
}

function itemLayers () {
  const match = Object.keys(LIGHTS).flatMap((light) => [light, light])
  return [
    {
      id: 'clusters', type: 'circle', source: 'items', filter: ['has', 'point_count'],
      paint: {
        'circle-color': token('--sheet'), 'circle-stroke-color': token('--link'), 'circle-stroke-width': 1.5,
        'circle-radius': ['step', ['get', 'point_count'], 11, 20, 14, 100, 18, 1000, 23],
      },
    },
    {
      id: 'counts', type: 'symbol', source: 'items', filter: ['has', 'point_count'],
      layout: { 'text-field': ['to-string', ['get', 'point_count']], 'text-size': 12, 'text-allow-overlap': true },
      paint: { 'text-color': token('--link') },
    },
    {
      id: 'items', type: 'symbol', source: 'items', filter: ['!', ['has', 'point_count']],
      layout: { 'icon-image': ['match', ['get', 'l'], ...match, 'plain'], 'icon-allow-overlap': true, 'icon-ignore-placement': true },
    },
  ]
}

async function fetched (address) {
  const answer = await fetch(address, { headers: { Accept: 'application/geo+json' } })
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.json()
}

async function begin () {
  const lib = await import(frame.dataset.lib)
  lib.setWorkerUrl(frame.dataset.worker)
  const nothing = { type: 'FeatureCollection', features: [] }
  const [areas, points] = await Promise.all([
    fetched(frame.dataset.areas), frame.dataset.points ? fetched(frame.dataset.points) : nothing,
  ])
  const base = JSON.parse(frame.dataset.base)
  const labels = said(areas)
  frame.hidden = false
  const map = new lib.Map({
    container: frame, style: style(areas, labels, base), bounds: boxOf(areas, points), fitBoundsOptions: { padding: 24 }, maxZoom: 18,
    localIdeographFontFamily: token('--font'), attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
    fadeDuration: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150,
  })
  map.touchZoomRotate.disableRotation()
  map.addControl(new lib.NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new lib.ScaleControl({ maxWidth: 120 }))
  map.getCanvas().setAttribute('aria-label', frame.dataset.label)
  document.querySelector('.drawing')?.classList.add('covered')
  await new Promise((resolve) => map.once('load', resolve))
  baseLayer(map, base)
  if (frame.dataset.map === 'place') place(map, lib); else items(map, lib, points)
  frame.dataset.ready = ''
}

function baseLayer (map, base) {
  const box = document.querySelector('[data-base-layer]')
  const show = (on) => {
    for (const name of Object.keys(base)) map.setLayoutProperty(name, 'visibility', on ? 'visible' : 'none')
    map.setPaintProperty('wash', 'fill-opacity', on ? 0.35 : 1)
  }
  if (!Object.keys(base).length) return
  if (!box) return show(true)
  document.querySelector('[data-needs-base]').hidden = false
  box.addEventListener('change', () => show(box.checked))
}

function items (map, lib, points) {
  for (const [light, [shape, colour]] of Object.entries(LIGHTS)) map.addImage(light, glyph(shape, token(colour)), { pixelRatio: SIZE / 18 })
  map.addImage('plain', glyph('plain', token('--link')), { pixelRatio: SIZE / 18 })
  map.addSource('items', { type: 'geojson', data: points, cluster: true, clusterRadius: 34, clusterMaxZoom: 13 })
  for (const one of [names, ...itemLayers()]) map.addLayer(one)
  const panel = document.querySelector('[data-needs-map]')
  panel.hidden = false
  const shown = panel.querySelector('[data-shown]')
  const boxes = [...panel.querySelectorAll('[data-layer]')]
  const redraw = () => {
    const on = boxes.filter((one) => one.checked).map((one) => Number(one.dataset.layer))
    const kept = on.length ? points.features.filter((one) => on.some((list) => one.properties.k?.includes(list))) : points.features
    map.getSource('items').setData({ type: 'FeatureCollection', features: kept })
    shown.textContent = kept.length
  }
  boxes.forEach((one) => one.addEventListener('change', redraw))
  shown.textContent = points.features.length
  if (!points.features.length) tell(frame.dataset.none)
  for (const layer of ['items', 'clusters', 'wash']) {
    map.on('mouseenter', layer, () => { map.getCanvas().style.cursor = 'pointer' })
    map.on('mouseleave', layer, () => { map.getCanvas().style.cursor = '' })
  }
  map.on('click', (event) => opened(map, lib, event))
}

async function opened (map, lib, event) {
  const [hit] = map.queryRenderedFeatures(event.point, { layers: ['clusters', 'items', 'names', 'wash'] })
  if (!hit) return
  if (hit.layer.id === 'clusters') {
    const zoom = await map.getSource('items').getClusterExpansionZoom(hit.properties.cluster_id)
    return map.easeTo({ center: hit.geometry.coordinates, zoom })
  }
  const isItem = hit.layer.id === 'items'
  if (!isItem && !hit.properties.unit) return
  const address = isItem ? frame.dataset.item.replace(/0$/, hit.id) : `${frame.dataset.list}?unit=${hit.properties.unit}`
  const body = document.createElement('div')
  const [title, more, link] = ['p', 'p', 'a'].map((name) => document.createElement(name))
  title.textContent = isItem ? hit.properties.n : hit.properties.name
  more.textContent = isItem ? '' : hit.properties.said
  Object.assign(link, { href: address, textContent: isItem ? frame.dataset.open : frame.dataset.see })
  body.append(title, more, link)
  new lib.Popup({ maxWidth: '18rem', focusAfterOpen: true }).setLngLat(isItem ? hit.geometry.coordinates : event.lngLat).setDOMContent(body).addTo(map)
}

// A click, or Enter over the middle, fills the two fields in; what stands in them is shown.
function place (map, lib) {
  const [longitude, latitude, system] = ['longitude', 'latitude', 'system'].map((name) => document.querySelector(`[name=${name}]`))
  const marker = new lib.Marker({ color: token('--seal') })
  const shown = (zoom) => {
    if (!longitude.value || !latitude.value || system.value !== 'cgcs2000') return marker.remove()
    marker.setLngLat([Number(longitude.value), Number(latitude.value)]).addTo(map)
    if (zoom) map.jumpTo({ center: marker.getLngLat(), zoom: 11 })
  }
  const taken = (at) => {
    longitude.value = at.lng.toFixed(6); latitude.value = at.lat.toFixed(6); system.value = 'cgcs2000'
    shown(false)
  }
  map.on('click', (event) => taken(event.lngLat))
  map.getCanvas().addEventListener('keydown', (event) => { if (event.key === 'Enter') taken(map.getCenter()) })
  for (const one of [longitude, latitude, system]) one.addEventListener('change', () => shown(false))
  shown(true)
}

function tell (words) {
  const said = document.querySelector('#said')
  if (said && words) { said.textContent = words; said.hidden = false }
}

if (frame) begin().catch((error) => { frame.hidden = true; document.querySelector('.drawing')?.classList.remove('covered'); tell(frame.dataset.failed); console.warn(error.message) })
