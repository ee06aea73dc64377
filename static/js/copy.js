/* A button with data-copy puts its text on the clipboard and says so (data-copied) for a moment. */
addEventListener("click", async event => {
  const button = event.target.closest?.("[data-copy]")
  if (!button || !navigator.clipboard) return
  await navigator.clipboard.writeText(button.dataset.copy)
  const label = button.textContent
  if (label === button.dataset.copied) return
  button.textContent = button.dataset.copied
  setTimeout(() => { button.textContent = label }, 1500)
})
