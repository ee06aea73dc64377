/*
  Moving about in a piece's pages: the page in sight, going to one, the width.

  HTML (templates/evidence/viewer.html): #viewer[data-at] with .pages (scrolls) > .leaf[data-page]; a[rel=next] and
  a[rel=prev] (also j and k, see keys.js), input[data-go], button[data-zoom="-1 | 0 | 1"].
*/

const ZOOM = "digao:zoom"
const SCROLLING = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "]
const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3]
const viewer = () => document.getElementById("viewer")
const pages = () => viewer()?.querySelector(".pages")
const leaves = () => [...viewer().querySelectorAll(".leaf")]

/* Where the reader went. Where the focus wanders to isn't that: the pages are scrolled there, but not by the reader. */
let here = 1
let wandering = false

/** The page that is meant by “this page”. */
export const thisPage = () => here

/* The page that stands at a third of the height. */
function pageInSight() {
  const line = pages().getBoundingClientRect().top + pages().clientHeight / 3
  const passed = leaves().filter(leaf => leaf.getBoundingClientRect().top <= line)
  return Number((passed.at(-1) ?? leaves()[0]).dataset.page)
}

function tell() {
  if (!wandering) here = pageInSight()
  const at = here
  const field = viewer().querySelector("[data-go]")
  if (document.activeElement !== field) field.value = at
  for (const [rel, step] of [["prev", -1], ["next", 1]]) {
    const near = document.getElementById(`page-${at + step}`) ? at + step : at
    viewer().querySelector(`a[rel="${rel}"]`).href = `#page-${near}`
  }
  viewer().dispatchEvent(new CustomEvent("digao:page", { detail: at, bubbles: true }))
}

/* Within the pages only: scrollIntoView would move the page around them as well. */
function reveal(element, share = 0) {
  const room = pages().clientHeight * share
  pages().scrollTop += element.getBoundingClientRect().top - pages().getBoundingClientRect().top - room
}

function go(number) {
  wandering = false
  const leaf = document.getElementById(`page-${number}`)
  if (leaf) reveal(leaf)
  else location.search = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(location.search)), page: number })
}

function zoom(step) {
  const now = Number(localStorage.getItem(ZOOM)) || 1
  const next = step ? STEPS[Math.min(Math.max(STEPS.indexOf(now) + step, 0), STEPS.length - 1)] : 1
  localStorage.setItem(ZOOM, next)
  const at = here
  viewer().style.setProperty("--zoom", next)
  go(at)
}

function start() {
  if (!pages()) return
  viewer().style.setProperty("--zoom", localStorage.getItem(ZOOM) ?? 1)
  pages().addEventListener("scroll", () => requestAnimationFrame(tell), { passive: true })
  const target = viewer().querySelector(".mark-link.target rect")
  const asked = location.hash.match(/^#page-(\d+)$/)?.[1] ?? viewer().dataset.at
  if (target) reveal(target, 1 / 3)
  else if (Number(asked) > 1) go(asked)
  tell()
}

addEventListener("click", event => {
  const step = event.target.closest?.("[data-zoom]")?.dataset.zoom
  if (step !== undefined) zoom(Number(step))
  const link = event.target.closest?.('#viewer a[rel]')
  if (link) { event.preventDefault(); go(link.hash.slice("#page-".length)) }
})

/* The page that was typed, or the nearest that there is. */
function goTyped(field) {
  const number = Math.min(Math.max(parseInt(field.value, 10) || here, 1), Number(field.dataset.last))
  field.value = number
  go(number)
}

addEventListener("change", event => { if (event.target.matches?.("[data-go]")) goTyped(event.target) })
addEventListener("keydown", event => {
  if (!event.target.matches?.("[data-go]") || event.key !== "Enter" || event.isComposing || event.keyCode === 229) return
  event.preventDefault()
  goTyped(event.target)
  pages().focus()
})

addEventListener("focusin", event => { if (event.target !== pages() && pages()?.contains(event.target)) wandering = true })
for (const name of ["wheel", "touchmove", "pointerdown"]) addEventListener(name, event => { if (pages()?.contains(event.target)) wandering = false }, { passive: true })
addEventListener("keydown", event => { if (SCROLLING.includes(event.key) && pages()?.contains(event.target) && !event.target.matches(".draft")) wandering = false })
addEventListener("htmx:afterSettle", event => { if (event.target.id === "viewer" || event.detail.elt?.id === "viewer") start() })
/* A picture above that has come in moves what is below. */
document.addEventListener("load", event => { if (pages()?.contains(event.target)) tell() }, true)
start()
