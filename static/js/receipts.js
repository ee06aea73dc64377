/*
  A download leaves an event in the trail, whose number is its receipt. A link with data-receipt downloads as any link
  does; the list of receipts (#receipts) is then fetched anew until the new one is in it, which is before the first byte
  of the file comes.
*/

const WAITS = [600, 1500, 4000]

addEventListener("click", event => {
  if (!event.target.closest?.("a[data-receipt]")) return
  for (const wait of WAITS) setTimeout(() => htmx.trigger("#receipts", "receipts"), wait)
})
