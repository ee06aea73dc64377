/*
  Reasons that the server answers a form with, {"errors": {field: [text], "__all__": [text]}} (foundation/web/answers.py):
  shown at their fields, or above the buttons; what was typed stays.
*/

/** The errors of an answer 422, or of 413 and 403 for a form that wasn't even read or whose sender is signed out. */
export function errorsOf(xhr) {
  if (xhr.status < 400 || xhr.getResponseHeader("Content-Type") !== "application/json") return null
  return JSON.parse(xhr.responseText).errors ?? null
}

/** Shows `errors` in the form, and nothing of what was wrong before. */
export function mark(form, errors) {
  for (const old of form.querySelectorAll("[data-error]")) old.remove()
  for (const field of form.querySelectorAll('[aria-invalid="true"]')) field.removeAttribute("aria-invalid")
  for (const [name, texts] of Object.entries(errors)) markField(form, name, texts)
  form.querySelector('[aria-invalid="true"], [data-error]')?.scrollIntoView({ block: "nearest" })
}

function markField(form, name, texts) {
  const line = Object.assign(document.createElement("p"), { className: "error", role: "alert", textContent: texts.join(" ") })
  line.dataset.error = name
  const field = form.querySelector(`[name="${CSS.escape(name)}"], [data-name="${CSS.escape(name)}"]`)
  if (!field) return (form.querySelector(".actions") ?? form).before(line)
  if (field.matches("input, select, textarea")) field.setAttribute("aria-invalid", "true")
  ;(field.closest(".drop, fieldset, .row-of") ?? field).after(line)
}
