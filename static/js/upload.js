/*
  Drop or paste files onto a form; they are put into its file input, listed by name and size, and the form is sent as
  ever (plain, or by htmx with a progress bar).

  HTML: <form data-drop method="post" enctype="multipart/form-data" [hx-post=… hx-encoding="multipart/form-data"]>
          <div class="drop"><input type="file" name="files" multiple> <ul data-files></ul> <progress hidden max="1"></progress></div>
  The reasons of a refusal before the upload was read (413, 403; JSON as in foundation/web/answers.py) go to its .refused.
  A file or a screenshot pasted anywhere on the page goes to the form marked data-drop="paste".
*/

const size = bytes => bytes < 1024 ? `${bytes} B` : bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`
const formAt = target => target?.closest?.("form[data-drop]")
const inputOf = form => form.querySelector('input[type="file"]')

function list(form) {
  const place = form.querySelector("[data-files]")
  place?.replaceChildren(...[...inputOf(form).files].map(file => {
    const line = document.createElement("li")
    const bytes = Object.assign(document.createElement("span"), { className: "soft", textContent: size(file.size) })
    line.append(Object.assign(document.createElement("span"), { textContent: file.name }), bytes)
    return line
  }))
}

/* Files that are already chosen stay when more are dropped, where the input takes several. */
function add(form, files) {
  const input = inputOf(form)
  const chosen = new DataTransfer()
  for (const file of [...(input.multiple ? input.files : []), ...files].slice(0, input.multiple ? undefined : 1)) chosen.items.add(file)
  input.files = chosen.files
  input.dispatchEvent(new Event("change", { bubbles: true }))
}

/* A pasted screenshot is always called image.png; the time tells one from another. */
const named = file => file.name === "image.png" ? new File([file], `screenshot-${new Date().toISOString().slice(0, 19).replace(/\D/g, "")}.png`, { type: file.type }) : file

function highlight(form, over) { form.querySelector(".drop")?.classList.toggle("over", over) }

addEventListener("dragover", event => { const form = formAt(event.target); if (form) { event.preventDefault(); highlight(form, true) } })
addEventListener("dragleave", event => { const form = formAt(event.target); if (form && !form.contains(event.relatedTarget)) highlight(form, false) })
addEventListener("drop", event => {
  const form = formAt(event.target)
  if (!form) return
  event.preventDefault()
  highlight(form, false)
  add(form, event.dataTransfer.files)
})
addEventListener("paste", event => {
  const form = formAt(event.target) ?? document.querySelector('form[data-drop="paste"]')
  if (!form || !event.clipboardData?.files.length) return
  event.preventDefault()
  add(form, [...event.clipboardData.files].map(named))
})
addEventListener("change", event => { const form = formAt(event.target); if (form && event.target === inputOf(form)) list(form) })
addEventListener("htmx:xhr:progress", event => {
  const bar = formAt(event.target)?.querySelector("progress")
  if (bar && event.detail.total) { bar.hidden = false; bar.value = event.detail.loaded / event.detail.total }
})
addEventListener("htmx:afterRequest", event => {
  const bar = formAt(event.target)?.querySelector("progress")
  if (bar) bar.hidden = true
})
addEventListener("htmx:responseError", event => {
  const place = formAt(event.target)?.querySelector(".refused")
  const { xhr } = event.detail
  if (place && xhr.getResponseHeader("Content-Type") === "application/json") place.textContent = JSON.parse(xhr.responseText).errors.__all__.join(" ")
})
