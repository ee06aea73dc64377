/*
  The three panes of .app: borders that can be dragged or moved with ← → (Shift: bigger steps, Home: as it was), widths
  remembered in this browser; on a phone one pane at a time, chosen with .switch (components/switch.html).

  HTML: <div class="app" [data-resize-index="…" data-resize-side="…"]> <nav class="index"> <main> <aside class="side"> <nav class="switch">
  The two data attributes are the borders' names for screen readers.
*/

const LIMITS = { index: [200, 520], side: [260, 720] }
const app = document.querySelector(".app")

const remembered = name => Number(localStorage.getItem(`digao:pane:${name}`)) || null
const direction = name => name === "index" ? 1 : -1

function resize(name, width, border) {
  const [least, most] = LIMITS[name]
  const fitting = Math.round(Math.min(Math.max(width, least), most))
  app.style.setProperty(`--${name}`, `${fitting}px`)
  border.setAttribute("aria-valuenow", fitting)
  localStorage.setItem(`digao:pane:${name}`, fitting)
}

function reset(name, border) {
  app.style.removeProperty(`--${name}`)
  localStorage.removeItem(`digao:pane:${name}`)
  border.setAttribute("aria-valuenow", pane(name).offsetWidth)
}

const pane = name => app.querySelector(`:scope > .${name}`)

function onDrag(name, border) {
  border.addEventListener("pointerdown", down => {
    const start = pane(name).offsetWidth
    const move = event => resize(name, start + direction(name) * (event.clientX - down.clientX), border)
    border.setPointerCapture(down.pointerId)
    border.classList.add("dragging")
    border.addEventListener("pointermove", move)
    border.addEventListener("lostpointercapture", () => { border.removeEventListener("pointermove", move); border.classList.remove("dragging") }, { once: true })
  })
  border.addEventListener("dblclick", () => reset(name, border))
}

function onKeys(name, border) {
  border.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (event.key === "Home") reset(name, border)
    else if (step) resize(name, pane(name).offsetWidth + direction(name) * step * (event.shiftKey ? 64 : 16), border)
    else return
    event.preventDefault()
  })
}

/* Inside the pane, so that it is in a landmark; .app, not the pane, is what it is positioned by. */
function attach(name, border) {
  if (border.parentElement !== pane(name)) pane(name)?.append(border)
}

function divide(name) {
  if (!pane(name)) return
  const [least, most] = LIMITS[name]
  const border = document.createElement("div")
  const facts = { role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-valuemin": least, "aria-valuemax": most, "aria-valuenow": pane(name).offsetWidth, "aria-label": app.dataset[`resize${name[0].toUpperCase()}${name.slice(1)}`] ?? name }
  for (const [attribute, value] of Object.entries(facts)) border.setAttribute(attribute, value)
  border.dataset.pane = name
  attach(name, border)
  for (const swap of ["htmx:afterSwap", "htmx:oobAfterSwap"]) addEventListener(swap, () => attach(name, border))   // a swapped pane has lost its border
  onDrag(name, border)
  onKeys(name, border)
  if (remembered(name)) resize(name, remembered(name), border)
}

function show(name) {
  app.dataset.shown = name
  for (const button of app.querySelectorAll(".switch [data-show]")) button.setAttribute("aria-pressed", button.dataset.show === name)
}

/* Only the list of the index scrolls: scrollIntoView would move the page around it as well. */
function reveal(row) {
  const list = row?.closest(".find + *") ?? pane("index")
  if (row) list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 2
}

if (app) {
  Object.keys(LIMITS).forEach(divide)
  show("main")
  app.addEventListener("click", event => { const name = event.target.closest(".switch [data-show]")?.dataset.show; if (name) show(name) })
  reveal(pane("index")?.querySelector("[aria-current]"))
  document.addEventListener("digao:moved", () => show("main"))
}
