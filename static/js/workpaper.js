/*
  The workpaper's page: the index's filter, the dialog, what the reader has seen, signing, and errors of htmx forms.

  HTML it works on
    <input data-filter="selector">           hides the elements whose text lacks the words; Enter goes to the first left
    <dialog id="dialog">                     htmx puts a form into it: it opens; [data-close] or `digao:changed` closes it
    <input id="seen">                        the content version on the screen: moves on with our own changes only, so that
                                             nobody signs what somebody else wrote meanwhile
    <form data-signoff>                      sent when everything typed is saved
    <form data-keep>                         its texts survive a change of page or tab until they are sent
    <button data-fill="115/11/23">           puts a value into the input before it
    .procedure                               a file dropped or pasted on it opens its dialog with that file
  Answers 4xx {errors: {field: [text]}} to htmx forms are shown at their fields; those with files are upload.js's.
*/

import { errorsOf, mark } from "./errors.js"

const dialog = document.getElementById("dialog")
const stateShown = () => document.querySelector(".foot [data-save-state]")?.dataset.state ?? ""
const unsaved = () => !["", "clean", "saved"].includes(stateShown())
const tell = texts => document.getElementById("messages").replaceChildren(...texts.map(textContent => Object.assign(document.createElement("p"), { className: "flash error", textContent })))
const wordsOf = id => document.getElementById(id).dataset.text

/* Filter ------------------------------------------------------------------------------------- */

function filter(field) {
  const words = field.value.trim().toLowerCase().split(/\s+/)
  const rows = [...document.querySelectorAll(field.dataset.filter)]
  for (const row of rows) row.hidden = !words.every(word => row.textContent.toLowerCase().includes(word))
  for (const section of document.querySelectorAll("#index-rows section")) section.hidden = !section.querySelector("a:not([hidden])")
  field.closest(".index, .pick")?.querySelector(".nothing")?.toggleAttribute("hidden", rows.some(row => !row.hidden))
  return rows.find(row => !row.hidden)
}

addEventListener("input", event => { if (event.target.matches?.("[data-filter]")) filter(event.target) })
addEventListener("keydown", event => {
  if (!event.target.matches?.("[data-filter]") || event.isComposing || event.keyCode === 229) return
  if (event.key === "Escape" && event.target.value) { event.preventDefault(); event.target.value = ""; filter(event.target) }
  if (event.key === "Enter") { event.preventDefault(); filter(event.target)?.click() }
})

/* Dialog --------------------------------------------------------------------------------------- */

let waiting = null   // files dropped or pasted on a procedure, until its form is there
let typed = false    // whether the form holds something that closing would throw away

function give(files) {
  const input = dialog.querySelector('input[type="file"]')
  if (!input) return
  const chosen = new DataTransfer()
  chosen.items.add(files[0])
  input.files = chosen.files
  input.dispatchEvent(new Event("change", { bubbles: true }))
}

addEventListener("htmx:afterSwap", event => {
  if (event.target !== dialog) return
  typed = false
  dialog.showModal()
  if (waiting) give(waiting)
  waiting = null
})
const discards = () => !typed || confirm(wordsOf("discard"))
dialog.addEventListener("input", event => { if (event.target.type !== "search") typed = true })
dialog.addEventListener("cancel", event => { if (!discards()) event.preventDefault() })
addEventListener("click", event => { if (event.target.closest("[data-close]") && discards()) dialog.close() })
addEventListener("digao:changed", () => dialog.close())
dialog.addEventListener("close", () => dialog.replaceChildren())

const procedureAt = target => dialog.open || target.closest?.("form[data-drop]") ? null : target.closest?.(".procedure")

function take(procedure, files) {
  const button = procedure?.querySelector(".cite.add")
  if (!button || !files.length) return false
  waiting = [...files]
  button.click()
  return true
}

addEventListener("dragover", event => { const at = procedureAt(event.target); if (at?.querySelector(".cite.add")) { event.preventDefault(); at.classList.add("over") } })
addEventListener("dragleave", event => { const at = procedureAt(event.target); if (at && !at.contains(event.relatedTarget)) at.classList.remove("over") })
addEventListener("drop", event => {
  const at = procedureAt(event.target)
  at?.classList.remove("over")
  if (take(at, event.dataTransfer.files)) event.preventDefault()
})
addEventListener("paste", event => { if (take(procedureAt(event.target), event.clipboardData?.files ?? [])) event.preventDefault() })

/* What the reader has seen: versions that are our own acts may be skipped over, nobody else's ------------ */

const own = new Set()
document.addEventListener("digao:moved", () => own.clear())

function move({ content_version: version, changes }) {
  const seen = document.getElementById("seen")
  for (let i = 0; i < changes; i++) own.add(version - i)
  while (own.has(Number(seen.value) + 1)) seen.value = Number(seen.value) + 1
}

for (const name of ["digao:saved", "digao:changed"]) document.addEventListener(name, event => { if (event.detail?.content_version) move(event.detail) }, true)

/* Signing: first what is typed is saved, and the page shows what follows from it ---------------------------- */

let signing = false

addEventListener("submit", event => {
  if (!event.target.matches("form[data-signoff]")) return
  if (unsentNote()) { event.preventDefault(); return tell([wordsOf("unsent-note")]) }
  if (!unsaved()) return
  event.preventDefault()
  signing = true
  document.dispatchEvent(new Event("digao:save"))
  setTimeout(() => { if (signing) { signing = false; tell([wordsOf("unsaved")]) } }, 8000)
})
addEventListener("htmx:afterSettle", event => {
  if (!signing || event.detail.target?.id !== "acts" && event.target.id !== "acts" || unsaved()) return
  signing = false
  document.querySelector("#acts form[data-signoff]")?.requestSubmit()
})

/* Texts that are sent by hand: kept for this tab until they are sent ---------------------------------------- */

const keep = form => `digao:keep:${document.body.dataset.user}:${location.pathname}#${form.id}`

/* A note or a reply on this paper that was typed and not sent. */
function unsentNote() {
  const begun = Object.keys(sessionStorage).filter(name => name.startsWith(`digao:keep:${document.body.dataset.user}:${location.pathname}#`))
  return begun.some(name => sessionStorage.getItem(name).trim())
}

function restore() {
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const text = sessionStorage.getItem(keep(form))
    if (text && !form.elements.text.value) form.elements.text.value = text
  }
}

restore()
addEventListener("htmx:load", restore)
addEventListener("input", event => { const form = event.target.closest?.("form[data-keep]"); if (form) sessionStorage.setItem(keep(form), form.elements.text.value) })

/* Errors of htmx forms: at the field, or above the page ------------------------------------------------------------ */

/* Signing in again in another tab makes a new CSRF token; the page's own is then the old one. */
addEventListener("htmx:configRequest", event => {
  const token = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/)?.[1]
  if (token) event.detail.headers["X-CSRFToken"] = token
})

addEventListener("htmx:afterRequest", event => {
  const { xhr, elt, successful } = event.detail
  const form = elt.closest("form")
  const errors = errorsOf(xhr)
  if (successful && !errors && form?.matches("[data-keep]")) { sessionStorage.removeItem(keep(form)); form.reset() }
  if (!errors || form?.matches("[data-drop]")) return
  if (form) mark(form, errors)
  else tell(Object.values(errors).flat())
})
for (const name of ["htmx:responseError", "htmx:sendError"]) addEventListener(name, event => {
  waiting = null
  if (!errorsOf(event.detail.xhr)) tell([wordsOf("failed")])
})

/* Small things --------------------------------------------------------------------------------------------------- */

addEventListener("click", event => {
  const button = event.target.closest("[data-fill]")
  if (!button) return
  const field = button.parentElement.querySelector("input")
  field.value = button.dataset.fill
  field.dispatchEvent(new Event("input", { bubbles: true }))
})

/* On a phone the index opens at this paper. */
addEventListener("click", event => { if (event.target.closest('[data-show="index"]')) document.getElementById("row")?.scrollIntoView({ block: "center" }) })
