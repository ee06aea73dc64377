/*
  Whole folders for the drop zones of upload.js: a dropped folder is opened and its files are handed on, and
  <label class="folder" hidden><input type="file" webkitdirectory data-folder></label> appears where browsers can.
  Only the files' names arrive; the way to them stays on the sender's machine.
*/

const formAt = target => target?.closest?.("form[data-drop]")

/* Chooses them in the form's own input, where upload.js takes them from. */
function add(form, files) {
  const input = form.querySelector('input[type="file"]:not([data-folder])')
  const chosen = new DataTransfer()
  for (const file of files) if (!file.name.startsWith(".")) chosen.items.add(file)
  input.files = chosen.files
  input.dispatchEvent(new Event("change", { bubbles: true }))
}

const fileOf = entry => new Promise((resolve, reject) => entry.file(resolve, reject))
const batchOf = reader => new Promise((resolve, reject) => reader.readEntries(resolve, reject))

/* A reader hands out a folder in batches, until an empty one. */
async function filesIn(entry) {
  if (entry.isFile) return [await fileOf(entry)]
  const reader = entry.createReader(), found = []
  for (let batch = await batchOf(reader); batch.length; batch = await batchOf(reader)) for (const inner of batch) found.push(...await filesIn(inner))
  return found
}

/* Before upload.js, which would take a folder for a file without bytes. */
addEventListener("drop", async event => {
  const form = formAt(event.target)
  const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean)
  if (!form || !entries.some(entry => entry.isDirectory)) return
  event.preventDefault()
  event.stopImmediatePropagation()
  form.querySelector(".drop")?.classList.remove("over")
  add(form, (await Promise.all(entries.map(filesIn))).flat())
}, { capture: true })

addEventListener("change", event => {
  if (!event.target.matches?.("[data-folder]")) return
  add(formAt(event.target), event.target.files)
  event.target.value = ""
})

if ("webkitdirectory" in HTMLInputElement.prototype) for (const label of document.querySelectorAll("label.folder")) label.hidden = false
