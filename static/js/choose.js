/*
  Choosing several rows of a table for one form.

  HTML: <input type="checkbox" data-all="pieces">  chooses every box named "pieces", or none; with `data-within` those of
        its <tbody>. Shift and a click on a box choose all between it and the one clicked before.
        <button data-chosen="pieces" disabled>… <span data-count></span></button>  (the count is optional) can be pressed once one is chosen
*/

const boxesOf = (name, place = document) => [...place.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(name)}"]`)]
const boxesFor = all => boxesOf(all.dataset.all, "within" in all.dataset ? all.closest("tbody") : document)

function show(name) {
  const chosen = boxesOf(name).filter(box => box.checked).length
  for (const all of document.querySelectorAll(`[data-all="${CSS.escape(name)}"]`)) {
    const boxes = boxesFor(all), ticked = boxes.filter(box => box.checked).length
    all.checked = ticked > 0 && ticked === boxes.length; all.indeterminate = ticked > 0 && ticked < boxes.length
  }
  for (const button of document.querySelectorAll(`[data-chosen="${CSS.escape(name)}"]`)) { button.disabled = !chosen; button.querySelector("[data-count]")?.replaceChildren(chosen || "") }
}

addEventListener("change", event => {
  const { all } = event.target.dataset
  if (all) for (const box of boxesFor(event.target)) box.checked = event.target.checked
  show(all ?? event.target.name)
})
/* From the last box clicked to this one */
let last = null
addEventListener("click", event => {
  const box = event.target
  if (!box.matches?.('input[type="checkbox"][name]')) return
  const boxes = boxesOf(box.name), from = boxes.indexOf(last), to = boxes.indexOf(box)
  if (event.shiftKey && from >= 0) for (const between of boxes.slice(Math.min(from, to), Math.max(from, to))) between.checked = box.checked
  last = box
})
/* A page brought back by the browser keeps its ticks; rows that were fetched anew may have others, or none. */
for (const moment of ["pageshow", "htmx:afterSwap"]) addEventListener(moment, () => { for (const button of document.querySelectorAll("[data-chosen]")) show(button.dataset.chosen) })
