/*
  A list to choose from while typing: phrases of the library, papers of the file. What is chosen goes in at the caret,
  the first blank 〔 〕 of it selected; the text goes on as if it had been typed (event `input`: autosave sees it).

  HTML it works on
    <textarea …></textarea><p class="aids">               the text, and right after it the buttons
      <button data-insert="phrases" data-use="work">       Alt+P while typing: phrases for that use
      <button data-insert="papers"></p>                    Alt+I while typing: the indexes of the papers in .index-row
    <dialog id="insert" data-phrases="/library/phrases/list/">
      <input type="search" role="combobox" aria-controls="insert-list"><ul id="insert-list" role="listbox"></ul>
      <p class="nothing" hidden></p><p class="failed" hidden></p>
    </dialog>
  The page at data-phrases is asked once: <li role="option" data-use data-text>. Nothing happens while an input method composes.
*/

const KINDS = { KeyP: "phrases", KeyI: "papers" }
const composing = event => event.isComposing || event.keyCode === 229
const dialog = () => document.getElementById("insert")
const list = () => document.getElementById("insert-list")
const search = () => dialog().querySelector("input")
const shown = () => [...list().children].filter(option => !option.hidden)
const chosen = () => list().querySelector('[aria-selected="true"]')

let phrases = null   // the options, once they were loaded
let place = null     // {field, start, end}: where the choice goes

async function loaded() {
  if (phrases) return phrases
  const answer = await fetch(dialog().dataset.phrases)
  if (!answer.ok) throw new Error(answer.status)
  phrases = [...new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("li")]
  return phrases
}

function papers() {
  return [...document.querySelectorAll(".index-row")].map((row, number) => {
    const code = row.querySelector(".code").textContent
    const index = /^[A-D]-/.test(code) ? code : `C-${code}`
    const option = Object.assign(document.createElement("li"), { id: `paper-${number}`, role: "option" })
    option.dataset.text = index
    option.append(Object.assign(document.createElement("b"), { textContent: index }), " ", row.querySelector(".title").textContent)
    return option
  })
}

async function open(button) {
  const field = button.closest(".aids").previousElementSibling
  place = { field, start: field.selectionStart, end: field.selectionEnd }
  const kind = button.dataset.insert
  dialog().querySelector("h2").textContent = button.textContent
  dialog().querySelector(".failed").hidden = true
  list().replaceChildren()
  search().value = ""
  dialog().showModal()
  try {
    const options = kind === "phrases" ? (await loaded()).filter(option => option.dataset.use === button.dataset.use) : papers()
    list().replaceChildren(...options)
    filter()
  } catch { dialog().querySelector(".failed").hidden = false }
}

function filter() {
  const words = search().value.trim().toLowerCase().split(/\s+/)
  for (const option of list().children) option.hidden = !words.every(word => option.textContent.toLowerCase().includes(word))
  dialog().querySelector(".nothing").hidden = shown().length > 0
  choose(shown()[0])
}

function choose(option) {
  chosen()?.removeAttribute("aria-selected")
  option?.setAttribute("aria-selected", "true")
  option?.scrollIntoView({ block: "nearest" })
  search().setAttribute("aria-activedescendant", option?.id ?? "")
}

function step(by) {
  const options = shown()
  choose(options[(options.indexOf(chosen()) + by + options.length) % options.length])
}

function insert(option) {
  const { field, start, end } = place
  const text = option.dataset.text
  dialog().close()
  field.focus()
  field.setSelectionRange(start, end)
  if (!document.execCommand("insertText", false, text)) {   // which keeps what can be undone
    field.setRangeText(text, start, end, "end")
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }
  const blank = text.match(/〔[^〕]*〕/)
  if (blank) field.setSelectionRange(start + blank.index, start + blank.index + blank[0].length)
}

addEventListener("click", event => {
  const button = event.target.closest("[data-insert]")
  if (button) return open(button)
  const option = event.target.closest("#insert-list > li")
  if (option) insert(option)
})
addEventListener("input", event => { if (event.target.closest?.("#insert")) filter() })
addEventListener("keydown", event => {
  if (composing(event)) return
  if (event.target.closest?.("#insert")) return inDialog(event)
  const kind = event.altKey && !event.ctrlKey && !event.metaKey && KINDS[event.code]
  const button = kind && event.target.matches?.("textarea") && event.target.nextElementSibling?.querySelector?.(`[data-insert="${kind}"]`)
  if (!button) return
  event.preventDefault()
  open(button)
})

function inDialog(event) {
  if (event.key === "ArrowDown") step(1)
  else if (event.key === "ArrowUp") step(-1)
  else if (event.key === "Enter" && chosen()) insert(chosen())
  else if (event.key === "Escape") dialog().close()   // which a search field would take as "empty me"
  else return
  event.preventDefault()
}
