/*
  People side by side see each other: the page tells where its reader is, and takes over what changed meanwhile.

  HTML it works on
    <div data-presence="/…/presence/" data-page="paper" data-at="7.3f…" data-every="20000"
         [data-paper="<id>" data-content="12"] [data-proof="…"]>     one per page; may be swapped for another page's
    <… data-live="name">                                             a part that may change: replaced when it differs
  It posts {page, at, paper, proof} while the page is visible, about every `data-every` milliseconds, and at once when the
  page is shown again. 204: nothing changed. 200: HTML with data-now (the next `at`) and parts by their names; when the
  paper's content moved on, `digao:outdated` lets the page fetch what follows from it. A reader who is signed out or may not
  be here any more (3xx, 4xx) isn't asked again. On leaving, a last word says so.
*/

const JITTER = 0.3
let timer = 0, refused = false, page = null

const place = () => document.querySelector("[data-presence]")
const token = () => document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/)?.[1] ?? JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]

function said(at, more = {}) {
  const { page, paper = "", at: known = "", proof = "" } = at.dataset
  return new URLSearchParams({ page, paper, at: known, proof, csrfmiddlewaretoken: token(), ...more })
}

async function beat() {
  const at = place()
  if (!at || document.hidden || refused) return
  const headers = { "HX-Request": "true", "X-CSRFToken": token() }
  const answer = await fetch(at.dataset.presence, { method: "POST", headers, body: said(at), redirect: "manual" }).catch(() => null)
  if (!answer || answer.status >= 500 || answer.status === 429) return
  if (answer.type === "opaqueredirect" || answer.status >= 400) { refused = true; return }
  delete at.dataset.proof
  if (answer.status === 200) take(at, await answer.text())
}

function take(at, html) {
  const root = new DOMParser().parseFromString(html, "text/html").querySelector("[data-now]")
  if (!root || place() !== at) return
  at.dataset.at = root.dataset.now
  const parts = new Map([...root.querySelectorAll("[data-live]")].map(part => [part.dataset.live, part]))
  for (const old of document.querySelectorAll("[data-live]")) replace(old, parts.get(old.dataset.live))
  const { content } = root.dataset
  if (content && content !== at.dataset.content) {
    at.dataset.content = content
    if (content !== document.getElementById("seen")?.value) document.body.dispatchEvent(new CustomEvent("digao:outdated", { bubbles: true }))
  }
}

/* Where nothing differs nothing is touched; what has the focus keeps it. */
function replace(old, part) {
  if (!part) return
  if (old.matches("a")) return become(old, part)
  if (old.isEqualNode(part)) return
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null
  old.replaceWith(part)
  if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true })
}

/* A link stays the same element: it may be on its way to a paper, whose answer finds its places from there. What the filter
   hid stays hidden. */
function become(link, part) {
  part.hidden = link.hidden
  if (link.isEqualNode(part)) return
  for (const { name } of [...link.attributes]) if (!part.hasAttribute(name)) link.removeAttribute(name)
  for (const { name, value } of part.attributes) link.setAttribute(name, value)
  link.replaceChildren(...part.childNodes)
}

function next() {
  clearTimeout(timer)
  const every = Number(place()?.dataset.every ?? 20000)
  timer = setTimeout(async () => { await beat(); next() }, every * (1 - JITTER / 2 + Math.random() * JITTER))
}

async function now() { page = place(); await beat(); next() }

document.addEventListener("visibilitychange", () => { if (!document.hidden) now() })
addEventListener("pageshow", now)
addEventListener("htmx:afterSettle", () => { if (place() !== page) now() })
addEventListener("pagehide", () => { const at = place(); if (at && !refused) navigator.sendBeacon(at.dataset.presence, said(at, { leaving: "on", proof: "" })) })
if (document.readyState === "complete") now()
