/*
  Rectangles drawn over pages, to cite a place (one at a time) or to mask (as many as needed).

  A rectangle is a button.draft in the page's .picture: drawn with mouse or pen, or put there by [data-put] (a finger
  scrolls the pages and draws nothing). It is moved by dragging it, and sized at its lower right corner; or with the arrow
  keys (with Shift: larger or smaller; Delete removes it). Places are counted in ten-thousandths of the page. The forms
  #citing and #masks (templates/evidence/tools.html) get them in hidden fields.
*/

import { thisPage } from "./viewer.js"

const WHOLE = 10_000
const LEAST = 60           // a slip of the hand is no rectangle
const STEP = 100
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const viewer = () => document.getElementById("viewer")
const form = tool => document.getElementById({ cite: "citing", mask: "masks" }[tool])
const words = (name, facts = {}) => Object.entries(facts).reduce((text, [key, value]) => text.replace(`{${key}}`, value), document.getElementById("viewer-words").dataset[name])
const toolInHand = () => viewer()?.querySelector('[data-tool][aria-pressed="true"]')?.dataset.tool
const drafts = tool => [...viewer().querySelectorAll(`.draft.${tool}`)]
const clamp = (value, most = WHOLE) => Math.round(Math.min(Math.max(value, 0), most))

/* One rectangle ------------------------------------------------------------------------------- */

const boxOf = draft => ["left", "top", "right", "bottom"].map(side => Number(draft.dataset[side]))
const pageOf = draft => Number(draft.closest(".leaf").dataset.page)

function place(draft, [left, top, right, bottom]) {
  Object.assign(draft.dataset, { left, top, right, bottom })
  const shown = { left, top, width: right - left, height: bottom - top }
  for (const [name, value] of Object.entries(shown)) draft.style.setProperty(name, `${value / 100}%`)
}

function put(picture, tool, box) {
  if (tool === "cite") for (const old of drafts(tool)) old.remove()
  const draft = Object.assign(document.createElement("button"), { type: "button", className: `draft ${tool}` })
  picture.append(draft)
  place(draft, box)
  draft.setAttribute("aria-label", words("draft", { page: pageOf(draft) }))
  draft.title = draft.getAttribute("aria-label")
  return draft
}

function move(draft, [l, t, r, b], [x, y], resize) {
  const [dx, dy] = [Math.min(Math.max(x, -l), WHOLE - r), Math.min(Math.max(y, -t), WHOLE - b)]
  place(draft, resize ? [l, t, Math.max(clamp(r + x), l + STEP), Math.max(clamp(b + y), t + STEP)] : [l + dx, t + dy, r + dx, b + dy].map(Math.round))
}

/* Drawing, moving, sizing -------------------------------------------------------------------------- */

let act = null        // what the pointer that is down does: act(place of the pointer)
const CORNER = 22     // pixels in which the lower right corner is taken hold of

function at(event, picture) {
  const { left, top, width, height } = picture.getBoundingClientRect()
  return [clamp((event.clientX - left) / width * WHOLE), clamp((event.clientY - top) / height * WHOLE)]
}

function draw(picture, tool, [x0, y0]) {
  let draft = null
  return ([x1, y1]) => {
    const box = [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)]
    if (Math.min(box[2] - box[0], box[3] - box[1]) < LEAST) return draft
    if (draft) place(draft, box)
    else draft = put(picture, tool, box)
    return draft
  }
}

function drag(draft, [x0, y0], event) {
  const { right, bottom } = draft.getBoundingClientRect()
  const resize = right - event.clientX < CORNER && bottom - event.clientY < CORNER
  const box = boxOf(draft)
  return ([x1, y1]) => { move(draft, box, [x1 - x0, y1 - y0], resize); return draft }
}

addEventListener("pointerdown", event => {
  const [tool, picture, draft] = [toolInHand(), event.target.closest?.("#viewer .picture"), event.target.closest?.(".draft:enabled")]
  if (!tool || !picture || event.button || !event.isPrimary || (event.pointerType === "touch" && !draft)) return
  event.preventDefault()
  const from = at(event, picture)
  act = { picture, step: draft ? drag(draft, from, event) : draw(picture, tool, from), draft }
  picture.setPointerCapture(event.pointerId)
})
addEventListener("pointermove", event => { if (act) act.draft = act.step(at(event, act.picture)) })
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => {
  if (!act) return
  act.draft?.focus({ preventScroll: true })
  act = null
  tell()
})
/* A mark under the hand is drawn over, not followed. */
addEventListener("click", event => { if (toolInHand() && event.target.closest?.("#viewer .mark-link")) event.preventDefault() }, true)

addEventListener("keydown", event => {
  const draft = event.target.closest?.(".draft")
  if (!draft || event.isComposing || event.keyCode === 229) return
  if (ARROWS[event.key]) move(draft, boxOf(draft), ARROWS[event.key].map(step => step * STEP), event.shiftKey)
  else if (event.key === "Delete" || event.key === "Backspace") { draft.remove(); form(toolInHand())?.querySelector("[data-put]").focus() }
  else return
  event.preventDefault()
  tell()
})

/* The forms ------------------------------------------------------------------------------------------ */

function tell() {
  if (!form("cite")) return
  for (const tool of ["cite", "mask"]) refuse(form(tool), [])
  tellCiting(form("cite"))
  tellMasking(form("mask"))
}

function tellCiting(citing) {
  const output = citing.querySelector("[data-place]")
  if (!output) return
  const [draft] = drafts("cite")
  const page = draft ? pageOf(draft) : thisPage()
  output.textContent = words(draft ? "area" : "page", { page })
  citing.querySelector("[data-whole]").hidden = !draft
  citing.elements.page.value = page
  const box = draft ? boxOf(draft) : ["", "", "", ""]
  for (const [i, side] of ["left", "top", "right", "bottom"].entries()) citing.elements[side].value = box[i]
}

function tellMasking(masks) {
  const areas = drafts("mask").map(draft => [pageOf(draft), ...boxOf(draft)])
  const pages = new Set(areas.map(([page]) => page)).size
  masks.elements.areas.value = JSON.stringify(areas)
  masks.querySelector("[data-place]").textContent = areas.length ? words("areas", { n: areas.length, pages }) : words("none")
  masks.querySelector("[data-clear]").hidden = !areas.length
}

function take(tool) {
  for (const button of viewer().querySelectorAll("[data-tool]")) {
    const taken = button.dataset.tool === tool && button.getAttribute("aria-pressed") === "false"
    button.setAttribute("aria-pressed", taken)
    form(button.dataset.tool).hidden = !taken
  }
  viewer().classList.toggle("drawing", Boolean(toolInHand()))
  tell()
}

function middle() {
  const picture = document.querySelector(`#page-${thisPage()} .picture`)
  put(picture, toolInHand(), [3000, 4000, 7000, 5000]).focus()
  tell()
}

addEventListener("click", event => {
  const within = selector => event.target.closest?.(`#viewer ${selector}`)
  if (within("[data-tool]")) take(within("[data-tool]").dataset.tool)
  else if (within("[data-put]")) middle()
  else if (within("[data-whole]") || within("[data-clear]")) { for (const draft of drafts(toolInHand())) draft.remove(); tell() }
})

/* What the server says ---------------------------------------------------------------------------------- */

function refuse(place, texts) {
  const said = place.querySelector(".refused")
  if (!said) return
  said.hidden = !texts.length
  said.textContent = texts.join(" ")
}

const chosen = () => form("cite").querySelector("[data-result]")
const wayBack = () => chosen().selectedOptions?.[0]?.dataset.back ?? form("cite").querySelector("[data-back]").href

addEventListener("htmx:configRequest", event => {
  if (event.target.id === "citing") event.detail.path = chosen().value
})
addEventListener("htmx:beforeRequest", event => { if (event.target.matches(".tool")) refuse(event.target, []) })
/* 422 is no page to be shown: its reasons are, in the form that was sent, wherever its answers go. */
addEventListener("htmx:beforeSwap", event => {
  const place = event.detail.requestConfig.elt.closest(".tool")
  if (!place || event.detail.xhr.status !== 422) return
  event.detail.shouldSwap = false
  refuse(place, Object.values(JSON.parse(event.detail.xhr.responseText).errors).flat())
})
/* Cited: the rectangle stays as what it is now until the page's own mark is there, and the way back is offered. */
addEventListener("digao:changed", () => {
  if (toolInHand() !== "cite") return
  for (const draft of drafts("cite")) { draft.classList.replace("cite", "done"); draft.disabled = true; draft.textContent = form("cite").elements.tickmark.value }
  const said = form("cite").querySelector("[data-cited]")
  said.querySelector("a").href = wayBack()
  tell()
  said.hidden = false
  said.focus()
  freshen()
})

/* What cites the piece, drawn and listed, as it is now; the pages stay where they are. */
async function freshen() {
  const answer = await fetch(viewer().dataset.address)
  if (!answer.ok) return
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html")
  for (const part of fresh.querySelectorAll("#viewer [data-cites]")) document.getElementById(part.id)?.replaceWith(part)
  for (const draft of viewer().querySelectorAll(".draft.done")) draft.remove()
}
/* Asked for: `successful` to htmx is 422 as well, after which what was drawn must stay. */
addEventListener("htmx:afterRequest", event => {
  if (event.target.id !== "masks" || event.detail.xhr.status !== 200) return
  for (const draft of drafts("mask")) draft.remove()
  tell()
})
/* What is drawn and neither cited nor masked would be lost. */
addEventListener("beforeunload", event => { if (viewer()?.querySelector(".draft:enabled")) event.preventDefault() })
addEventListener("digao:page", () => { if (form("cite")) tellCiting(form("cite")) })

function start() {
  if (!viewer()?.querySelector(".pages")) return
  viewer().classList.toggle("drawing", Boolean(toolInHand()))
  tell()
}

addEventListener("htmx:afterSettle", event => { if (event.detail.elt?.id === "viewer") start() })
start()
