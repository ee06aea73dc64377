/*
  Saves what is typed, and never loses it.

  HTML it works on (words and panels come from components/autosave.html, once per page):
    <form method="post" action="/…/result/" data-autosave>
      {% csrf_token %}<input type="hidden" name="version" value="7">
      <input type="hidden" name="reopened" value="1">               only where a signed paper was opened for change
      … any fields …
      <p class="saved" data-save-state aria-live="polite"></p>      optional; a page may also have one outside of
    </form>                                                         its forms, which shows the worst of them all
  <body data-user="<id>" data-timezone="Asia/Taipei"> names whose unsent text is kept in localStorage under
  digao:draft:<user>:<action>, and the clock that the page's other times are on.

  It sends the form url-encoded with fetch (Accept: application/json, X-CSRFToken) 800 ms after the last input, at once
  on change of a choice, on leaving the form, on Ctrl+S (event `digao:save` on document) and on leaving the page; one
  request in flight per form; nothing while an input method composes. The server answers
    200 {version, saved_at, …}            acknowledged: `digao:saved` bubbles from the form with the JSON as detail
    409 {version, theirs: {field: text}}  somebody else was first: both texts are shown, the reader chooses
    400, 422 {errors: {field: [text]}}    shown at the field, kept, sent again after the next input
    other 4xx {detail: text}              refused for good: the text stays, detail is shown
    401, 403, a redirect, 5xx, no network: the text is kept and sent again (back-off, `online`, focus, next visit).
  A field's text is never touched except when the reader chooses "take theirs" and when an unsent text is restored.
*/

const PAUSE = 800, LONGEST_WAIT = 60_000, LIGHT = 30_000   // ms, ms, bytes that may outlive the page (browsers allow 64 KiB at a time)
const RANK = ["clean", "saved", "restored", "saving", "editing", "offline", "signed-out", "refused", "invalid", "conflict"]
const words = document.getElementById("autosave-words")?.dataset ?? {}
const forms = new Map()
const template = id => document.getElementById(id).content.firstElementChild.cloneNode(true)

const UNTYPED = ["csrfmiddlewaretoken", "version", "reopened"]
const valuesOf = form => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !UNTYPED.includes(name))
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other)
const csrf = form => document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken?.value ?? ""
const fieldOf = (form, name) => form.querySelector(`[name="${CSS.escape(name)}"]:not([type="hidden"])`)
const labelled = (form, name, value) => {
  const chosen = form.querySelector(`[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`)?.closest("label") ?? [...(fieldOf(form, name)?.options ?? [])].find(option => option.value === value)
  return chosen ? chosen.textContent.trim() : value
}
const nameOf = (form, name) => {
  const field = fieldOf(form, name)
  return (field?.getAttribute("aria-label") ?? field?.closest("fieldset")?.querySelector("legend")?.textContent ?? field?.labels?.[0]?.textContent ?? name).trim()
}

function write(form, name, value) {
  for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (control.type === "radio" || control.type === "checkbox") control.checked = control.value === value
    else control.value = value
  }
}

class Autosave {
  constructor(form) {
    this.form = form
    this.key = `digao:draft:${document.body.dataset.user}:${form.getAttribute("action")}`
    this.acknowledged = valuesOf(form)
    this.state = "clean"
    this.tries = 0
    this.restore()
  }

  get version() { return this.form.elements.version.value }
  set version(version) { this.form.elements.version.value = version }
  get unsent() { return !same(valuesOf(this.form), this.acknowledged) }
  /* Whether closing the page now would leave text behind: a first, small sending outlives the page (keepalive). */
  get atRisk() { return this.unsent && !(same(valuesOf(this.form), this.sending) && this.light && !this.tries) }

  /* Unsent text of an earlier visit: put back with the version it was typed against, so that the server can tell a
     conflict; unless what the server holds is our own sending whose acknowledgement we didn't wait for. */
  restore() {
    const draft = JSON.parse(localStorage.getItem(this.key) ?? "null")
    if (!draft) return
    if (same(draft.values, this.acknowledged)) return localStorage.removeItem(this.key)
    for (const [name, value] of draft.values) write(this.form, name, value)
    if (!same(draft.sent, this.acknowledged)) this.version = draft.version
    this.show("restored")
    this.later(PAUSE)
  }

  keep() {
    try { localStorage.setItem(this.key, JSON.stringify({ version: this.version, values: valuesOf(this.form), sent: this.sending ?? this.lost })) } catch { /* full or forbidden: the page itself still holds the text */ }
  }

  edited() {
    if (this.composing) return
    if (!this.unsent && !this.sending && this.state !== "conflict") return this.settle()
    this.keep()
    if (this.state === "conflict") return
    if (!this.sending) this.show("editing")
    this.later(PAUSE)
  }

  /* Typed back to what is saved: nothing to send. */
  settle() {
    clearTimeout(this.timer)
    localStorage.removeItem(this.key)
    this.mark({})
    this.show("clean")
  }

  later(pause) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), pause)
  }

  now() {
    if (!this.unsent) return
    this.keep()
    if (this.state !== "conflict") this.save()
  }

  async save() {
    clearTimeout(this.timer)
    if (this.composing || this.sending || !this.unsent || same(valuesOf(this.form), this.rejected)) return
    this.sending = valuesOf(this.form)
    this.show("saving")
    const answer = await this.send()
    const json = await answer?.json().catch(() => null)   // until it is read, the version is the old one: nothing else may go
    const sent = this.sending
    this.sending = null
    if (!answer) this.lost = sent
    this.understand(answer, json, sent)
  }

  async send() {
    const reopened = this.form.elements.reopened ? [["reopened", "1"]] : []
    const body = new URLSearchParams([["version", this.version], ...reopened, ...this.sending]).toString()
    this.light = body.length < LIGHT
    try {
      return await fetch(this.form.action, {
        method: "POST", redirect: "manual", keepalive: this.light, credentials: "same-origin", body,
        headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": csrf(this.form) },
      })
    } catch { return null }
  }

  understand(answer, json, sent) {
    if (!answer || answer.status >= 500 || answer.status === 429) return this.retry("offline", answer)
    if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) return this.retry("signed-out", answer)
    if (!json) return this.retry("offline", answer)
    this.tries = 0
    this.rejected = null
    this.mark(json.errors ?? {})
    if (answer.ok) this.accept(json, sent)
    else if (answer.status === 409 && json.theirs) this.disagree(json)
    else this.refuse(json, sent)
  }

  accept(json, sent) {
    this.version = json.version
    this.acknowledged = sent
    this.lost = null
    this.form.querySelector(":scope > .conflict:not(.merging)")?.remove()
    if (this.unsent) { this.keep(); this.show("editing"); this.later(PAUSE) }
    else { localStorage.removeItem(this.key); this.show("saved", { at: json.saved_at }) }
    this.form.dispatchEvent(new CustomEvent("digao:saved", { bubbles: true, detail: json }))
  }

  retry(state, answer) {
    this.keep()
    this.show(state)
    const asked = Number(answer?.headers.get("Retry-After")) * 1000
    this.later(asked || Math.min(1000 * 2 ** this.tries++, LONGEST_WAIT))
  }

  refuse(json, sent) {
    this.rejected = sent
    this.keep()
    const detail = json.detail ?? json.errors?.__all__?.join(" ") ?? ""
    this.show(json.errors && !detail ? "invalid" : "refused", { detail })
  }

  mark(errors) {
    for (const old of this.form.querySelectorAll("[data-autosave-error]")) old.remove()
    for (const field of this.form.querySelectorAll('[aria-invalid="true"]')) { field.removeAttribute("aria-invalid"); field.removeAttribute("aria-errormessage") }
    for (const [name, texts] of Object.entries(errors)) {
      const field = fieldOf(this.form, name)
      if (!field) continue
      const line = Object.assign(document.createElement("p"), { className: "error", role: "alert", id: `${this.key}:${name}`, textContent: texts.join(" ") })
      line.dataset.autosaveError = name
      field.setAttribute("aria-invalid", "true")
      field.setAttribute("aria-errormessage", line.id);
      (field.closest("fieldset, p") ?? field).after(line)
    }
  }

  /* Only the fields that differ are asked about. If "theirs" is what we sent ourselves, its answer had got lost on the way. */
  disagree({ version, theirs, detail }) {
    if (this.lost && Object.entries(theirs).every(([name, value]) => value === (Object.fromEntries(this.lost)[name] ?? ""))) return this.accept({ version }, this.lost)
    const mine = Object.fromEntries(valuesOf(this.form))
    const differing = Object.keys(theirs).filter(name => name in mine || fieldOf(this.form, name)).filter(name => (mine[name] ?? "") !== theirs[name])
    if (!differing.length) return this.accept({ version }, valuesOf(this.form))
    this.keep()
    this.show("conflict")
    this.form.querySelector(":scope > .conflict")?.remove()
    const panel = template("autosave-conflict")
    panel.setAttribute("aria-label", panel.querySelector("h3").textContent)
    panel.querySelector("[data-detail]").textContent = detail ?? ""
    for (const name of differing) panel.querySelector("[data-fields]").append(this.both(name, mine[name] ?? "", theirs[name]))
    panel.addEventListener("click", event => this.choose(event.target.closest("[data-choice]")?.dataset.choice, version, theirs, panel))
    this.form.append(panel)
    panel.scrollIntoView({ block: "nearest" })
  }

  both(name, mine, theirs) {
    const row = template("autosave-field")
    for (const label of row.querySelectorAll("[data-label]")) label.textContent = nameOf(this.form, name)
    row.querySelector("[data-mine]").textContent = labelled(this.form, name, mine)
    row.querySelector("[data-theirs]").textContent = labelled(this.form, name, theirs)
    return row
  }

  /* The button that was pressed goes with its panel, which fires focusout and would save: so act and move on first. */
  choose(choice, version, theirs, panel) {
    if (choice === "done") panel.remove()
    if (!["mine", "theirs", "edit"].includes(choice)) return
    this.version = version
    this.acknowledged = null
    this.state = "editing"
    if (choice === "theirs") this.yieldTo(theirs)
    this.form.querySelector("textarea, input:not([type=hidden])")?.focus()
    if (choice === "edit") return this.merge(panel)
    panel.remove()
    if (choice === "mine") this.save()
  }

  yieldTo(theirs) {
    for (const [name, value] of Object.entries(theirs)) write(this.form, name, value)
    this.acknowledged = valuesOf(this.form)
    this.settle()
  }

  /* By hand: theirs stays in view beside the field until the reader says that it is done. */
  merge(panel) {
    panel.classList.add("merging")
    for (const button of panel.querySelectorAll("[data-choice]")) button.hidden = button.dataset.choice !== "done"
    this.show("editing")
    this.keep()
  }

  show(state, facts = {}) {
    Object.assign(this, { state, facts })
    for (const place of this.form.querySelectorAll("[data-save-state]")) paint(place, state, facts)
    if (!this.form.isConnected) return   // answered after its paper was left: what the page shows now is another paper's
    const worst = [...forms.values(), this].reduce((worst, one) => RANK.indexOf(one.state) > RANK.indexOf(worst.state) ? one : worst, this)
    for (const place of document.querySelectorAll("[data-save-state]")) if (!place.closest("form[data-autosave]")) paint(place, worst.state, worst.facts ?? {})
  }
}

/* Says the state in the page's words; nobody hears "saving" for each pause in typing, only what came of it. */
function paint(place, state, { at, detail }) {
  place.dataset.state = state
  const word = words[state.replace(/-(\w)/, (_, letter) => letter.toUpperCase())] ?? ""
  if (state === "clean") return place.replaceChildren()
  place.setAttribute("aria-live", ["saving", "editing"].includes(state) ? "off" : "polite")
  place.replaceChildren(word, ...(detail ? [` · ${detail}`] : []))
  if (at) place.append(" ", Object.assign(document.createElement("time"), { dateTime: at, title: at, textContent: new Date(at).toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23", timeZone: document.body.dataset.timezone }) }))
}

const of = target => {
  const form = target?.closest?.("form[data-autosave]")
  return form && (forms.get(form) ?? (watch(form), forms.get(form)))
}
function watch(form) { if (!forms.has(form)) forms.set(form, new Autosave(form)) }
function watchAll() {
  for (const form of forms.keys()) if (!form.isConnected) forms.delete(form)
  document.querySelectorAll("form[data-autosave]").forEach(watch)
}
const saveAll = () => forms.forEach(one => one.now())

watchAll()
addEventListener("htmx:load", watchAll)
addEventListener("compositionstart", event => { const one = of(event.target); if (one) one.composing = true })
addEventListener("compositionend", event => { const one = of(event.target); if (one) { one.composing = false; one.edited() } })
addEventListener("input", event => of(event.target)?.edited())
addEventListener("change", event => { const one = of(event.target); if (one && event.target.matches("[type=radio], [type=checkbox], select")) one.now() })
addEventListener("focusout", event => { const one = of(event.target); if (one && !one.form.contains(event.relatedTarget)) one.now() })
addEventListener("submit", event => { const one = of(event.target); if (one) { event.preventDefault(); one.now() } })
document.addEventListener("digao:save", () => { forms.forEach(one => { one.rejected = null }); saveAll() })
addEventListener("online", saveAll)
addEventListener("focus", saveAll)
document.addEventListener("visibilitychange", saveAll)
addEventListener("pagehide", saveAll)
addEventListener("beforeunload", event => { saveAll(); if ([...forms.values()].some(one => one.atRisk)) event.preventDefault() })
