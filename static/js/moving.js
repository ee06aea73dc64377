/*
  From paper to paper without loading the page: links inside [data-moves] (the index, j and k) bring the panes of another
  paper by htmx. What is typed is saved first; if it can't be, the reader is asked. The index keeps its place and search,
  marks where the reader is, and the keyboard goes on at the new paper's heading.
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
  mark([...document.querySelectorAll("#index-rows a")].find(row => row.pathname === location.pathname))
  document.querySelector("#main h1")?.focus()
  document.dispatchEvent(new Event("digao:moved"))
})
