/*
  Pictures of pages that are still being drawn: <img data-picture src="…/pages/3/" loading="lazy">.

  While a page is drawn its address answers 202 without a picture; it is asked for again each second. What can't be shown
  (404) says so: the .unshown beside the picture appears, or the link around the picture goes.
*/

const SECOND = 1000
const tries = new WeakMap()

async function again(image) {
  const address = new URL(image.src)
  const { status } = await fetch(address, { method: "HEAD" })
  if (status === 202 || status === 200) return setTimeout(() => reload(image, address), SECOND)
  const said = image.parentElement.querySelector(".unshown")
  if (!said) return image.closest("a").remove()
  said.hidden = false
  image.hidden = true
}

function reload(image, address) {
  tries.set(image, (tries.get(image) ?? 0) + 1)
  address.searchParams.set("again", tries.get(image))
  image.src = address
}

/* `load` and `error` don't bubble: caught on their way down, which for `load` begins at the document. */
document.addEventListener("error", event => { if (event.target.matches?.("img[data-picture]")) again(event.target).catch(() => {}) }, true)
document.addEventListener("load", event => { if (event.target.matches?.("img[data-picture]")) event.target.dataset.picture = "there" }, true)

/* What was answered before this script ran. */
for (const image of document.querySelectorAll('img[data-picture=""]')) {
  if (image.naturalWidth) image.dataset.picture = "there"
  else if (image.complete && image.currentSrc) again(image).catch(() => {})
}
