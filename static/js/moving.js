/*
  From paper to paper without loading the page: links inside [data-moves] (the index, j and k) bring the panes of another
  paper by htmx. What is typed is saved first; if it can't be, the reader is asked. The index keeps its place and search,
  marks where the reader is, and the keyboard goes on at the new paper's heading. What a paper's own elements had asked for
  and is answered after it was left is dropped: its parts carry the same ids as those of the paper that is shown now.
*/

const PATIENCE = 2000   // ms that a move waits for what is typed to be saved
const stateShown = () => document.querySelector(".foot [data-save-state]")?.dataset.state ?? ""
const settled = () => ["", "clean", "saved"].includes(stateShown())
const moves = element => element.closest?.("[data-moves]")

function saved() {
  document.dispatchEvent(new Event("digao:save"))
  return new Promise(resolve => {
    const until = Date.now() + PATIENCE
    const look = () => settled() || Date.now() > until ? resolve(settled()) : setTimeout(look, 40)
    look()
  })
}

addEventListener("htmx:confirm", async event => {
  if (!moves(event.target) || settled()) return
  event.preventDefault()
  if (await saved() || confirm(document.getElementById("unsaved-move").dataset.text)) event.detail.issueRequest(true)
})

let moved = 0   // how often the paper has changed

/* On the element itself: what has left the page tells nothing to the window any more. */
addEventListener("htmx:beforeRequest", ({ detail: { elt, xhr } }) => {
  if (!elt.closest("#main, #side, #dialog")) return
  const then = moved
  const drop = event => { if (event.detail.xhr === xhr && then !== moved) event.preventDefault() }
  elt.addEventListener("htmx:beforeOnLoad", drop)
  xhr.addEventListener("loadend", () => elt.removeEventListener("htmx:beforeOnLoad", drop))
})

function mark(row) {
  const before = document.getElementById("row")
  if (before === row) return
  before?.removeAttribute("id")
  before?.removeAttribute("aria-current")
  if (!row) return
  row.id = "row"
  row.setAttribute("aria-current", "page")
  row.scrollIntoView({ block: "nearest" })
}

addEventListener("htmx:afterSettle", event => {
  if (event.target.id !== "main") return
  moved++
  mark([...document.querySelectorAll("#index-rows a")].find(row => row.pathname === location.pathname))
  document.querySelector("#main h1")?.focus()
  document.dispatchEvent(new Event("digao:moved"))
})
