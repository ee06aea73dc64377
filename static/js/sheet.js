/*
  The keyboard within a sheet, matrices of clauses, procedures that were just added.

  HTML it works on
    .procedure                       with focus in one and nothing being typed: 1–6 choose the result at that place, `e` goes to its text;
                                     `n`, `p` go to the next and the previous one
    <form data-matrix data-items="2"> inside [data-matrix-at="/…/matrix/"], saved by autosave.js: arrow keys move between
                                     its cells, y n - mark them, Delete empties; [data-drop-column="1"] takes an item out.
                                     Once the server has more or fewer items than the form, it is fetched anew
    #added                           asks for itself on `digao:added`: the procedure that is new there gets the focus
  Nothing happens while an input method composes; letters are off where keys.js has them switched off.
*/

const composing = event => event.isComposing || event.keyCode === 229
const held = event => event.altKey || event.ctrlKey || event.metaKey
const typing = target => target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")

/* Procedures --------------------------------------------------------------------------------- */

const FIELDS = ['[name="outcome"]:checked', '[name="outcome"]', "textarea", "a, button"]   // the first there is has the focus
const firstField = procedure => FIELDS.map(selector => procedure.querySelector(selector)).find(Boolean)

function go(to) {
  if (!to) return
  firstField(to)?.focus({ preventScroll: true })
  to.scrollIntoView({ block: "nearest" })
}

function act(key, here) {
  const all = [...document.querySelectorAll(".sheet .procedure")]
  if (key === "n") return go(here ? all[all.indexOf(here) + 1] : all[0])
  if (key === "p") return go(here ? all[all.indexOf(here) - 1] : all.at(-1))
  if (key === "e") return here?.querySelector("textarea.work")?.focus()
  const choice = here?.querySelectorAll('[name="outcome"]')[Number(key) - 1]
  choice?.focus()
  choice?.click()
}

addEventListener("keydown", event => {
  if (composing(event) || held(event) || event.defaultPrevented || typing(event.target) || !/^[1-6npe]$/.test(event.key)) return
  if (document.querySelector("dialog[open]") || localStorage.getItem("digao:letters-off")) return
  event.preventDefault()
  act(event.key, event.target.closest?.(".procedure"))
})

/* Matrix --------------------------------------------------------------------------------------- */

const MARKS = { y: "yes", n: "no", "-": "na", delete: "", backspace: "" }
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }
const cellAt = (form, row, column) => form.elements[row < 0 ? `item-${column}` : `mark-${row}-${column}`]

function move(cell, [down, right]) {
  const [row, column] = cell.name.split("-").slice(1).map(Number)
  cellAt(cell.form, row + down, column + right)?.focus()
}

function mark(cell, value) {
  cell.value = value
  cell.dispatchEvent(new Event("input", { bubbles: true }))
  cell.dispatchEvent(new Event("change", { bubbles: true }))
}

addEventListener("keydown", event => {
  const cell = event.target.closest?.("[data-matrix] select")
  if (!cell || composing(event) || held(event)) return
  const value = MARKS[event.key.toLowerCase()]
  if (value !== undefined) mark(cell, value)
  if (value || MOVES[event.key]) move(cell, MOVES[event.key] ?? MOVES.ArrowDown)
  if (value !== undefined || MOVES[event.key]) event.preventDefault()
})
addEventListener("change", event => { const cell = event.target.closest?.("[data-matrix] select"); if (cell) cell.className = `mark-${cell.value}` })
addEventListener("keydown", event => {
  const name = event.target.closest?.("[data-matrix] thead input")
  if (!name || composing(event) || held(event) || !["ArrowDown", "Enter"].includes(event.key)) return
  event.preventDefault()
  cellAt(name.form, 0, name.name.split("-")[1])?.focus()
})
addEventListener("click", event => {
  const button = event.target.closest("[data-drop-column]")
  if (!button || !confirm(button.dataset.confirm)) return
  const form = button.closest("form")
  form.elements[`item-${button.dataset.dropColumn}`].value = ""
  form.querySelectorAll(`select[name$="-${button.dataset.dropColumn}"]`).forEach(cell => mark(cell, ""))
})

/* Fetched anew once nobody is typing a name in it and everything marked is saved: no save of ours crosses it. */
const atRest = form => form.querySelector(":scope > [data-save-state]").dataset.state === "saved"

async function renew(form) {
  if (!form.isConnected || !atRest(form) || document.activeElement.closest?.("[data-matrix] input") || form.dataset.renewing) return
  form.dataset.renewing = "1"
  const at = form.closest("[data-matrix-at]")
  await htmx.ajax("GET", `${at.dataset.matrixAt}${form.elements.reopened ? "?reopened=1" : ""}`, { target: at, swap: "none", handler: (_, { xhr }) => put(at, xhr) })
}

function put(at, xhr) {
  const form = at.querySelector("form")
  delete form.dataset.renewing
  if (xhr.status !== 200 || !atRest(form)) return
  const focused = at.contains(document.activeElement) ? document.activeElement.name : ""
  at.innerHTML = xhr.responseText
  htmx.process(at)
  at.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }))
  if (focused) at.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus()
}

addEventListener("digao:saved", event => {
  const form = event.target.closest?.("form[data-matrix]")
  if (!form || event.detail.items === Number(form.dataset.items)) return
  form.dataset.outdated = "1"
  renew(form)
})
addEventListener("focusout", event => {
  const form = event.target.closest?.('form[data-matrix][data-outdated="1"]')
  if (form) setTimeout(() => renew(form))
})

/* Added procedures ------------------------------------------------------------------------------ */

/* Only when they are there does the rest of the page follow, which has a part for each of them. */
const added = () => [...document.querySelectorAll("#added .procedure")]
let known = new Set(), facts = {}

addEventListener("digao:added", event => {
  known = new Set(added().map(each => each.id))
  facts = event.detail
  document.getElementById("dialog").close()
}, true)
addEventListener("htmx:afterSwap", event => {
  if (event.target.id !== "added") return
  document.body.dispatchEvent(new CustomEvent("digao:changed", { bubbles: true, detail: facts }))
  go(added().find(each => !known.has(each.id)))
})
