/* Forms that act and load a page anew are sent once, however often their button is pressed. */

addEventListener("submit", event => {
  if (event.defaultPrevented || event.target.method !== "post") return
  if (event.target.ariaBusy === "true") event.preventDefault()
  event.target.ariaBusy = "true"
})

/* Gone back to with everything as it was: the form may be sent again. */
addEventListener("pageshow", () => { for (const form of document.querySelectorAll('form[aria-busy="true"]')) form.ariaBusy = null })
