/*
  Review notes on words of the sheet: select some, and a button beside them (or Ctrl+M) begins a note that quotes them.

  HTML it works on
    <article class="sheet">                         where words may be chosen; .procedure[id="result-<key>"] inside it
    <form id="note-new">                             the new note: text, quote, part; [data-quoted] shows what is quoted
    <a data-notes-of="<key>">                        opens the pane at the first thread with data-part="<key>"
    <template id="note-here" data-text="…">          the button's words; only for those who may write notes
*/

const MOST = 500
const words = document.getElementById("note-here")?.dataset.text
const form = () => document.getElementById("note-new")
const button = words ? Object.assign(document.createElement("button"), { type: "button", className: "button small note-here no-print", textContent: words, hidden: true }) : null
let chosen = null
if (button) document.body.append(button)

/* What is selected in the sheet: in its text, or in a box that is typed in. */
function selected() {
  const box = document.activeElement
  if (box?.matches?.(".sheet textarea")) return found(box, box.value.slice(box.selectionStart, box.selectionEnd), box.getBoundingClientRect())
  const selection = getSelection()
  if (!selection.rangeCount || selection.isCollapsed) return null
  const range = selection.getRangeAt(0)
  return found(range.commonAncestorContainer, selection.toString(), range.getBoundingClientRect())
}

function found(node, text, box) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement
  const quote = text.trim().slice(0, MOST)
  if (!quote || !element?.closest(".sheet")) return null
  return { quote, part: element.closest('.procedure[id^="result-"]')?.id.slice("result-".length) ?? "", box }
}

function offer() {
  chosen = selected()
  button.hidden = !chosen
  if (!chosen) return
  const { box } = chosen
  button.style.insetInlineStart = `${Math.max(8, Math.min(box.right, innerWidth - button.offsetWidth - 8))}px`
  button.style.insetBlockStart = `${Math.max(54, Math.min(box.bottom + 6, innerHeight - 90))}px`
}

async function begin(about) {
  document.querySelector('.switch [data-show="side"]')?.click()
  if (!form()) await htmx.ajax("GET", "?side=notes", { target: "#side" })
  const note = form()
  if (!note) return
  quote(note, about?.quote ?? "")
  if (note.elements.part) note.elements.part.value = about?.part ?? ""
  button.hidden = true
  note.elements.text.focus()
}

function quote(note, text) {
  const shown = note.querySelector("[data-quoted]")
  note.elements.quote.value = text
  shown.hidden = !text
  shown.querySelector("span").textContent = text
}

if (button) {
  document.addEventListener("selectionchange", offer)
  button.addEventListener("mousedown", event => event.preventDefault())   // the selection stays
  button.addEventListener("click", () => begin(chosen))
  addEventListener("keydown", event => {
    if (event.isComposing || event.keyCode === 229 || event.key !== "m" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
    event.preventDefault()
    begin(selected())
  })
  addEventListener("click", event => { if (event.target.closest("[data-unquote]")) quote(form(), "") })
  addEventListener("reset", event => { if (event.target === form()) quote(form(), "") })
}

/* From a procedure to its thread */
let wanted = null
addEventListener("click", event => {
  wanted = event.target.closest("[data-notes-of]")?.dataset.notesOf ?? null
  if (wanted) document.querySelector('.switch [data-show="side"]')?.click()
})
addEventListener("htmx:afterSettle", () => {
  const thread = wanted && document.querySelector(`#side [data-part="${CSS.escape(wanted)}"]`)
  if (!thread) return
  wanted = null
  thread.focus()
  thread.scrollIntoView({ block: "nearest" })
})
