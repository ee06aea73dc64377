/*
  Forms that are sent by hand and load a page anew: sent once, however often their button is pressed; and what is typed
  into one isn't lost by sending another or by leaving. <body data-unsent="…"> is what is asked then. Beside them, forms
  that htmx sends by itself: a refusal is told above the page.
*/

const edited = new Set()
const unsent = form => [...edited].some(one => one !== form && one.isConnected)

addEventListener("input", event => { if (event.target.form?.matches('[method="post"]:not([hx-post])')) edited.add(event.target.form) })
addEventListener("submit", event => {
  const form = event.target
  if (event.defaultPrevented || form.method !== "post") return
  if (form.ariaBusy === "true" || unsent(form) && !confirm(document.body.dataset.unsent)) return event.preventDefault()
  edited.clear()
  form.ariaBusy = "true"
})
addEventListener("beforeunload", event => { if (unsent()) event.preventDefault() })

/* What htmx sends by itself and the server refuses as a whole (signed out, say) is told above the page. */
addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  if (xhr.getResponseHeader("Content-Type") !== "application/json") return
  const reasons = Object.values(JSON.parse(xhr.responseText).errors ?? {}).flat()
  document.getElementById("messages").replaceChildren(...reasons.map(textContent => Object.assign(document.createElement("p"), { className: "flash error", textContent })))
})

/* Gone back to with everything as it was: the form may be sent again. */
addEventListener("pageshow", () => { for (const form of document.querySelectorAll('form[aria-busy="true"]')) form.ariaBusy = null })
