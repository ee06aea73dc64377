/*
  Choosing several rows of a table for one form.

  HTML: <input type="checkbox" data-all="pieces">  chooses every box named "pieces", or none
        <button data-chosen="pieces" disabled>… <span data-count></span></button>  can be pressed once one is chosen
*/

const boxesOf = name => [...document.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(name)}"]`)]

function show(name) {
  const boxes = boxesOf(name), chosen = boxes.filter(box => box.checked).length
  for (const all of document.querySelectorAll(`[data-all="${CSS.escape(name)}"]`)) { all.checked = chosen > 0 && chosen === boxes.length; all.indeterminate = chosen > 0 && chosen < boxes.length }
  for (const button of document.querySelectorAll(`[data-chosen="${CSS.escape(name)}"]`)) { button.disabled = !chosen; button.querySelector("[data-count]").textContent = chosen || "" }
}

addEventListener("change", event => {
  const { all } = event.target.dataset
  if (all) for (const box of boxesOf(all)) box.checked = event.target.checked
  show(all ?? event.target.name)
})
/* A page brought back by the browser keeps its ticks. */
addEventListener("pageshow", () => { for (const button of document.querySelectorAll("[data-chosen]")) show(button.dataset.chosen) })
