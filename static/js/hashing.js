/*
  A form with data-hash: the chosen or dropped file is hashed here (SHA-256), and only the hash is sent. Beyond data-most
  bytes, or where the browser has no WebCrypto (a page that isn't served over HTTPS), nothing is hashed here: the form
  says so, or sends the file itself, as it does without scripts.
*/

const form = document.querySelector("form[data-hash]")
const input = form.querySelector('input[type="file"]'), digest = form.querySelector('input[name="sha256"]')
const drop = form.querySelector(".drop"), state = form.querySelector("[data-state]")

async function hash(file) {
  digest.value = ""
  if (file.size > Number(form.dataset.most)) { state.textContent = form.dataset.tooLarge; return }
  state.textContent = form.dataset.hashing
  try {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))
    digest.value = [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("")
    state.textContent = file.name
    form.requestSubmit()
  } catch { state.textContent = form.dataset.unreadable }
}

if (crypto.subtle) {
  input.addEventListener("change", () => input.files[0] && hash(input.files[0]))
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, event => { event.preventDefault(); drop.classList.add("over") })
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"))
  drop.addEventListener("drop", event => { event.preventDefault(); if (event.dataTransfer.files[0]) hash(event.dataTransfer.files[0]) })
  form.querySelector("[data-here]").hidden = false
  input.removeAttribute("name")
  form.removeAttribute("enctype")
  if (input.files[0]) hash(input.files[0])   // chosen before this script ran
} else {
  for (const name of ["hx-post", "hx-target"]) form.removeAttribute(name)
}
