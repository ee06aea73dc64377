/*
  A text that goes into a field with one click: into an empty one as it is, else on a new line at its end, once.
  It goes on as if it had been typed (event `input`), and can be undone and changed.

  HTML: <button type="button" data-fill="id_criterion">the text</button>; a text that differs from what is shown: data-text
*/

addEventListener("click", event => {
  const button = event.target.closest?.("[data-fill]")
  const field = button && document.getElementById(button.dataset.fill)
  if (!field) return
  const text = button.dataset.text ?? button.textContent.trim()
  field.focus()
  if (field.value.includes(text)) return
  field.setSelectionRange(field.value.length, field.value.length)
  const added = field.value.trim() ? `\n${text}` : text
  if (!document.execCommand("insertText", false, added)) {
    field.setRangeText(added, field.value.length, field.value.length, "end")
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }
})
