/*
  The pages of a report: a small picture opens large in a dialog, where the arrow keys turn the page.

  HTML (templates/reports/pages.html): a[data-sheet="3"] around each small picture, dialog#sheet with img[data-picture],
  .unshown, [data-turn="-1 | 1"] and output. pictures.js asks again for a page that is still being drawn.
*/

const dialog = document.getElementById("sheet")
const links = [...document.querySelectorAll("a[data-sheet]")]
const TURNS = { ArrowLeft: -1, PageUp: -1, ArrowRight: 1, PageDown: 1 }
let at = 0

function show(place) {
  at = Math.min(Math.max(place, 0), links.length - 1)
  const image = dialog.querySelector("img")
  image.dataset.picture = ""
  image.hidden = false
  image.alt = links[at].querySelector("img").alt
  image.src = links[at].href
  dialog.querySelector(".unshown").hidden = true
  dialog.querySelector("output").value = `${links[at].dataset.sheet} / ${links.length}`
  for (const button of dialog.querySelectorAll("[data-turn]")) button.disabled = !links[at + Number(button.dataset.turn)]
}

const isPlain = event => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey

addEventListener("click", event => {
  const link = event.target.closest?.("a[data-sheet]")
  if (link && isPlain(event)) {
    event.preventDefault()
    show(links.indexOf(link))
    dialog.showModal()
  }
  const turn = event.target.closest?.("#sheet [data-turn]")?.dataset.turn
  if (turn) show(at + Number(turn))
})

dialog?.addEventListener("keydown", event => {
  const turn = TURNS[event.key]
  if (!turn || event.altKey || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  show(at + turn)
})

/* Back where the reader went on to. */
dialog?.addEventListener("close", () => links[at]?.focus())
