/*
  Choose, drop or paste files; each is sent at once, two at a time, and its form is handed in when all are received.

  HTML it works on (words and the row's shape come from evidence/upload_row.html, once per drop zone):
    <form data-drop method="post">                       data-drop="paste": takes what is pasted anywhere on the page
      <div class="drop" data-uploads="/…/uploads/" data-name="uploads">
        <input type="file" name="uploads" multiple>      the name is taken away here: the files themselves never go with
                                                         the form; sent before this ran, it says that they were chosen
        <ul data-files></ul>
        <template data-file data-script="…/sending.js" …><li>…</li></template>
        <template data-row>…</template>                  optional: fields of each file; __id__ in names becomes its id
      </div>
      <div class="refused"></div>                        why the form isn't sent yet
    </form>
  A row carries <input type="hidden" name="uploads" value="<id>"> once its file is received. Sending the form waits until
  then, and is refused here only while a file is in error. What the server answers is shown at the fields (errors.js).
*/

import { errorsOf, mark } from "./errors.js"

const AT_ONCE = 2
const rows = new Map()        // <li> → {file, state, sending}
const held = new Map()        // form → the button it was sent by, waiting for its files
const size = bytes => bytes < 1024 ? `${bytes} B` : bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MB` : `${(bytes / 1024 ** 3).toFixed(2)} GB`
const formAt = target => target?.closest?.("form[data-drop]")
const zoneOf = form => form.querySelector(".drop[data-uploads]")
const inputOf = form => form.querySelector('input[type="file"]:not([data-folder])')
const wordsOf = zone => zone.querySelector("template[data-file]").dataset
const rowsOf = form => [...form.querySelectorAll("[data-files] > li")].filter(row => rows.has(row))
const ENDED = ["error", "unreadable", "refused"]

/* Rows ------------------------------------------------------------------------------------------------------------- */

function add(form, files) {
  const zone = zoneOf(form), single = !inputOf(form).multiple
  if (!zone) return
  heal(form)
  if (single && files.length) for (const row of rowsOf(form)) remove(row)
  for (const file of [...files].slice(0, single ? 1 : undefined)) rows.set(rowFor(zone, file), { file, state: "waiting" })
  pump()
}

function rowFor(zone, file) {
  const row = zone.querySelector("template[data-file]").content.firstElementChild.cloneNode(true)
  row.querySelector(".name").textContent = file.name
  row.querySelector(".size").textContent = size(file.size)
  const fields = zone.querySelector("template[data-row]")
  if (fields) row.append(fields.content.cloneNode(true))
  zone.querySelector("[data-files]").append(row)
  row.querySelector(".state").textContent = wordsOf(zone).waiting
  return row
}

/* Two at a time, in the order in which they were chosen. */
function pump() {
  const busy = [...rows.values()].filter(known => known.busy).length
  for (const [row] of [...rows].filter(([, known]) => known.state === "waiting" && !known.busy).slice(0, AT_ONCE - busy)) send(row)
}

async function send(row) {
  const known = rows.get(row), zone = row.closest(".drop")
  known.busy = true
  try {
    const { Sending } = await import(wordsOf(zone).script)
    known.sending ??= new Sending(known.file, zone.dataset.uploads, (state, detail) => rows.has(row) && tell(row, state, detail))
    await known.sending.run()
  } finally {
    known.busy = false
    pump()
  }
}

function tell(row, state, detail) {
  if (state === "begun") return name(row, detail)
  const known = rows.get(row), words = wordsOf(row.closest(".drop")), bar = row.querySelector("progress")
  known.state = row.dataset.state = state
  bar.hidden = [...ENDED, "ready"].includes(state)
  if (state === "sending") bar.value = detail
  if (state === "checking") bar.removeAttribute("value")
  put(row.querySelector(".state"), saying(words, state, detail))
  row.querySelector("[data-again]").hidden = !ENDED.includes(state) || state === "refused"
  row.classList.toggle("doubtful", state === "ready" && detail.length > 0)
  if (state === "ready") hand(row)
  goOn(row.closest("form"))
}

function saying(words, state, detail) {
  if (["error", "refused"].includes(state)) return detail || words.failed
  if (state === "signed-out") return detail || words.signedOut
  return state === "ready" ? [words.ready, ...detail].join(" · ") : words[state]
}

/* A status that says the same again would be read out again. */
function put(place, text) { if (place.textContent !== text) place.textContent = text }

/* The fields of this file are called after its id, also when it had to begin anew. */
function name(row, id) {
  const before = row.dataset.id ?? "__id__"
  for (const attribute of ["name", "id", "for", "aria-describedby"]) for (const field of row.querySelectorAll(`[${attribute}*="${before}"]`)) field.setAttribute(attribute, field.getAttribute(attribute).replace(before, id))
  row.dataset.id = id
}

function hand(row) {
  row.querySelector("[data-handed]")?.remove()
  const input = Object.assign(document.createElement("input"), { type: "hidden", name: row.closest(".drop").dataset.name, value: row.dataset.id })
  input.dataset.handed = ""
  row.append(input)
}

function remove(row) {
  const known = rows.get(row), form = row.closest("form")
  rows.delete(row)
  row.remove()
  known.sending?.stop()
  if (!form) return
  heal(form)
  goOn(form)
}

/* Other files than those that were refused: what was said of them isn't true any more. */
function heal(form) {
  refuse(form, "")
  form.querySelector(`[data-error="${zoneOf(form).dataset.name}"]`)?.remove()
}

addEventListener("click", event => {
  const row = event.target.closest?.("[data-files] > li")
  if (!rows.has(row)) return
  if (event.target.closest("[data-remove]")) remove(row)
  if (event.target.closest("[data-again]")) { heal(row.closest("form")); rows.get(row).state = "waiting"; tell(row, "waiting"); pump() }
})

/* The form: it waits for its files, then goes on by itself ----------------------------------------------------------- */

const unready = form => rowsOf(form).filter(row => rows.get(row).state !== "ready")
const failed = form => rowsOf(form).filter(row => ENDED.includes(rows.get(row).state))

/* Before htmx and before whoever counts on a form that was really sent. */
addEventListener("submit", event => {
  const form = formAt(event.target)
  if (!form || !unready(form).length) return
  event.preventDefault()
  event.stopImmediatePropagation()
  if (!held.has(form)) hold(form, event.submitter)
  goOn(form)
}, { capture: true })

function hold(form, button) {
  held.set(form, button)
  refuse(form, "")
  if (!button) return
  button.dataset.text = button.textContent
  button.textContent = wordsOf(zoneOf(form)).hold
  button.ariaBusy = "true"
}

function letGo(form) {
  const button = held.get(form)
  held.delete(form)
  if (!button) return
  button.textContent = button.dataset.text
  button.ariaBusy = null
}

function goOn(form) {
  if (!held.has(form)) return
  if (failed(form).length) {
    letGo(form)
    refuse(form, wordsOf(zoneOf(form)).blocked)
    failed(form)[0].scrollIntoView({ block: "nearest" })
  } else if (!unready(form).length) {
    const button = held.get(form)
    letGo(form)
    if (rowsOf(form).length) form.requestSubmit(button)
  }
}

function refuse(form, text) {
  const place = form.querySelector(".refused") ?? Object.assign(document.createElement("div"), { className: "refused", role: "alert" })
  if (!place.isConnected) zoneOf(form).after(place)
  place.textContent = text
}

addEventListener("htmx:afterRequest", event => {
  const form = formAt(event.target), errors = errorsOf(event.detail.xhr)
  if (form && errors) mark(form, errors)
})

/* What was handed in is no longer ours to end (known before htmx leaves the page for the next); what goes away unsent is. */
addEventListener("htmx:beforeOnLoad", event => {
  const form = formAt(event.target), { status } = event.detail.xhr
  if (form && event.detail.elt === form && status >= 200 && status < 300) for (const row of rowsOf(form)) { rows.get(row).sending?.forget(); rows.delete(row) }
})
addEventListener("close", event => { for (const row of event.target.querySelectorAll?.("[data-files] > li") ?? []) if (rows.has(row)) remove(row) }, { capture: true })
/* A file that was sent isn't handed in before its form is: leaving would lose it, received or not. */
addEventListener("beforeunload", event => { if ([...rows.keys()].some(row => row.isConnected)) event.preventDefault() })

/* Choosing, dropping, pasting ---------------------------------------------------------------------------------------- */

/* A pasted screenshot is always called image.png; the time on the wall tells one from another: 1151128-200409. */
function named(file, word) {
  if (file.name !== "image.png") return file
  const now = new Date(), digits = (...numbers) => numbers.map(number => String(number).padStart(2, "0")).join("")
  const day = digits(now.getFullYear() - 1911, now.getMonth() + 1, now.getDate())
  const time = digits(now.getHours(), now.getMinutes(), now.getSeconds())
  return new File([file], `${word} ${day}-${time}.png`, { type: file.type })
}

function highlight(form, over) { zoneOf(form)?.classList.toggle("over", over) }

addEventListener("dragover", event => { const form = formAt(event.target); if (form) { event.preventDefault(); highlight(form, true) } })
addEventListener("dragleave", event => { const form = formAt(event.target); if (form && !form.contains(event.relatedTarget)) highlight(form, false) })
addEventListener("drop", event => {
  const form = formAt(event.target)
  if (!form) return
  event.preventDefault()
  highlight(form, false)
  add(form, event.dataTransfer.files)
})
addEventListener("paste", event => {
  const form = formAt(event.target) ?? document.querySelector('form[data-drop="paste"]')
  if (!form || !event.clipboardData?.files.length) return
  event.preventDefault()
  const word = zoneOf(form) && wordsOf(zoneOf(form)).pasted
  add(form, [...event.clipboardData.files].map(file => named(file, word)))
})
function takeUp(form, input) {
  if (!input.files.length) return
  add(form, input.files)
  input.value = ""
}

addEventListener("change", event => {
  const form = formAt(event.target)
  if (form && event.target === inputOf(form)) takeUp(form, event.target)
})

/* What was chosen before this script ran is taken up now. */
function begin() {
  for (const form of document.querySelectorAll("form[data-drop]")) {
    const input = inputOf(form)
    input.removeAttribute("name")
    takeUp(form, input)
  }
}

begin()
addEventListener("htmx:load", begin)

/* <button data-from="115/01/01" data-to="115/12/31">: the period that all files of the form speak about. */
addEventListener("click", event => {
  const button = event.target.closest("[data-from]")
  if (!button) return
  const form = button.closest("form")
  form.elements.nature.value = "span"
  form.elements.covered_from.value = button.dataset.from
  form.elements.covered_to.value = button.dataset.to
})
