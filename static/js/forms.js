/*
  Forms that are sent by hand and load a page anew: sent once, however often their button is pressed; and what is typed
  into one isn't lost by sending another or by leaving. <body data-unsent="…"> is what is asked then.
*/

const edited = new Set()
const unsent = form => [...edited].some(one => one !== form && one.isConnected)

addEventListener("input", event => { if (event.target.form?.method === "post") edited.add(event.target.form) })
addEventListener("submit", event => {
  const form = event.target
  if (event.defaultPrevented || form.method !== "post") return
  if (form.ariaBusy === "true" || unsent(form) && !confirm(document.body.dataset.unsent)) return event.preventDefault()
  edited.clear()
  form.ariaBusy = "true"
})
addEventListener("beforeunload", event => { if (unsent()) event.preventDefault() })

/* Gone back to with everything as it was: the form may be sent again. */
addEventListener("pageshow", () => { for (const form of document.querySelectorAll('form[aria-busy="true"]')) form.ariaBusy = null })
