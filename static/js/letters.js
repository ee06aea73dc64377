/*
  Placeholders and optional paragraphs go into a letter's wording by a click, at the caret; as typed, so they can be undone.

  HTML it works on
    <button type="button" data-mark="{受查者}">        what goes in
    <textarea id="id_text">                            where it goes
*/

addEventListener("click", event => {
  const button = event.target.closest?.("[data-mark]"), field = document.getElementById("id_text")
  if (!button || !field) return
  field.focus()
  if (document.execCommand("insertText", false, button.dataset.mark)) return
  field.setRangeText(button.dataset.mark, field.selectionStart, field.selectionEnd, "end")
  field.dispatchEvent(new Event("input", { bubbles: true }))
})
