/*
  The keyboard: `?` help (dialog#keys), `/` focuses [data-search], `j`/`k` follow a[rel=next] / a[rel=prev],
  Ctrl+S asks autosave to save now (event `digao:save`), Ctrl+Enter sends the form that one types into by hand, else
  presses [data-primary].
  Nothing happens while an input method composes (Chinese input) or, for letters, while somebody types or has
  switched single letters off (checkbox [data-letters], remembered in this browser; WCAG 2.1.4).
*/

const LETTERS_OFF = "digao:letters-off"
const dialog = document.getElementById("keys")
const letters = dialog?.querySelector("[data-letters]")
const typing = target => target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]")
const press = selector => document.querySelector(selector)?.click()
const search = () => { const field = document.querySelector("[data-search]"); field?.focus(); field?.select?.() }

/* Whoever types into a form that is sent by hand means that form, not the page's main action. */
const ownForm = target => typing(target) && target.closest("form[hx-post]:not([data-autosave]), form[method=post]:not([data-autosave], [data-signoff])")

const LETTERS = {
  "?": () => dialog?.showModal(),
  "/": search,
  j: () => press('a[rel~="next"]'),
  k: () => press('a[rel~="prev"]'),
}
const CHORDS = {
  s: () => document.dispatchEvent(new Event("digao:save")),
  Enter: target => { const form = ownForm(target); form ? form.requestSubmit() : press("[data-primary]:not(:disabled)") },
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229 || event.altKey || event.defaultPrevented) return
  const act = event.ctrlKey || event.metaKey ? CHORDS[event.key]
    : !typing(event.target) && !document.querySelector("dialog[open]") && !localStorage.getItem(LETTERS_OFF) ? LETTERS[event.key] : null
  if (!act) return
  event.preventDefault()
  act(event.target)
}

addEventListener("keydown", onKey)
if (letters) {
  letters.checked = !localStorage.getItem(LETTERS_OFF)
  letters.addEventListener("change", () => letters.checked ? localStorage.removeItem(LETTERS_OFF) : localStorage.setItem(LETTERS_OFF, "1"))
}
for (const opener of document.querySelectorAll("[data-open-keys]")) {
  opener.hidden = false
  opener.addEventListener("click", () => { opener.closest("[popover]")?.hidePopover(); dialog.showModal() })
}
