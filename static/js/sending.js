/*
  Sends one file in chunks to the server and goes on where it was cut off; it knows nothing of the page.

    const sending = new Sending(file, url, (state, detail) => …)
    await sending.run()          ends when the file is received whole, refused, or stopped
    sending.stop()               stops for good; the server forgets what it has

  `url` answers POST {name, size} with {id, url, chunk_size, received}; then PUT <url> takes a chunk with Upload-Offset and
  Content-Digest, and GET <url> says how far it is (foundation/files/upload_views.py). States, in the order of a quiet day:
    begun (detail: the id), sending (0…1), checking, ready (concerns in words)
    offline, signed-out          it waits and tries again by itself
    unreadable, error (text)     it has ended; `run` may be called again
    refused (text)               it has ended before it began: such a file isn't taken, however often it is tried
  A file that was begun before the page was left is found again by its name, size and time of change.
*/

const FIRST_PAUSE = 1000, LONGEST_PAUSE = 30_000, POLL = 1000, MOST_DAMAGED = 3
const csrf = () => document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/)?.[1] ?? JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? ""
const pause = milliseconds => new Promise(resolve => {
  const timer = setTimeout(go, milliseconds)
  function go() { clearTimeout(timer); removeEventListener("online", go); resolve() }
  addEventListener("online", go)
})
const base64 = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))

class Stopped extends Error {}
class Ended extends Error {
  constructor(state, detail = "") { super(state); this.state = state; this.detail = detail }
}

/* XMLHttpRequest, because fetch doesn't tell how much of a chunk is sent. Resolves to {status, said}, status 0 without an answer. */
function ask(method, url, { body = null, headers = {}, signal, onsent = () => {} } = {}) {
  return new Promise(resolve => {
    const xhr = new XMLHttpRequest()
    xhr.open(method, url)
    // As htmx asks: whoever is signed out is told so, not sent to the login page.
    for (const [name, value] of Object.entries({ Accept: "application/json", "HX-Request": "true", "X-CSRFToken": csrf(), ...headers })) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = event => onsent(event.loaded)
    xhr.onloadend = () => {
      signal?.removeEventListener("abort", abort)
      let said = {}
      try { said = JSON.parse(xhr.responseText) } catch { /* a proxy's page, or nothing */ }
      resolve({ status: xhr.status, said })
    }
    const abort = () => xhr.abort()
    signal?.addEventListener("abort", abort)
    xhr.send(body)
  })
}

const reason = said => Object.values(said.errors ?? {}).flat().join(" ")
const running = new Set()

export class Sending {
  constructor(file, url, tell) {
    this.file = file
    this.begin = url
    this.tell = tell
    this.memory = `digao:upload:${document.body.dataset.user}:${url}:${file.name}:${file.size}:${file.lastModified}`
  }

  async run() {
    this.damaged = 0
    this.gone = false
    this.stopping = new AbortController()
    try {
      if (!this.url) await this.open()
      while (!await this.step()) { /* until it is over */ }
    } catch (end) {
      if (end instanceof Stopped) return
      if (!(end instanceof Ended)) throw end
      if (end.state !== "unreadable") this.stop()
      this.tell(end.state, end.detail)
    }
  }

  stop() {
    this.stopping.abort()
    if (this.url && !this.gone) ask("DELETE", this.url)
    this.forget()
  }

  /* What a form has handed in is the server's: from then on nothing here may end it. */
  forget() {
    running.delete(this.url)
    localStorage.removeItem(this.memory)
    this.url = null
  }

  async open() {
    const known = JSON.parse(localStorage.getItem(this.memory) ?? "null")
    if (known && !running.has(known.url) && (await this.patiently("GET", known.url)).status === 200) return this.follow(known)
    const { status, said } = await this.patiently("POST", this.begin, { body: JSON.stringify({ name: this.file.name, size: this.file.size }), headers: { "Content-Type": "application/json" } })
    if (status === 422) throw new Ended("refused", reason(said))
    if (status !== 201) throw this.refused({ status, said })
    localStorage.setItem(this.memory, JSON.stringify({ id: said.id, url: said.url, chunk_size: said.chunk_size }))
    this.follow(said)
  }

  follow({ id, url, chunk_size }) {
    running.add(url)
    Object.assign(this, { id, url, size: chunk_size, received: null })
    this.tell("begun", id)
  }

  /* One question to the server; returns whether the file is through. */
  async step() {
    if (this.received === null) return this.look()
    const answer = await this.chunk()
    if (answer.status === 422 && ++this.damaged < MOST_DAMAGED) return false
    if (answer.status === 409) this.received = null
    else if (answer.status !== 200) throw this.refused(answer)
    else return this.understand(answer.said)
    return false
  }

  async look() {
    const answer = await this.patiently("GET", this.url)
    if (answer.status !== 200) throw this.refused(answer)
    return this.understand(answer.said)
  }

  /* After 404 and 507 the server has nothing left to forget. */
  refused({ status, said }) {
    this.gone = [404, 507].includes(status)
    return new Ended("error", reason(said))
  }

  async understand(said) {
    this.received = said.received
    if (said.state === "refused") throw new Ended("error", said.cause)
    if (said.state === "ready") { this.tell("ready", said.concerns); return true }
    if (said.state === "checking") { this.tell("checking"); await pause(POLL); this.received = null }
    return false
  }

  async chunk() {
    const from = this.received, part = this.file.slice(from, from + this.size)
    const body = await part.arrayBuffer().catch(() => { throw new Ended("unreadable") })
    const digest = base64(await crypto.subtle.digest("SHA-256", body))
    this.tell("sending", from / this.file.size)
    return this.patiently("PUT", this.url, {
      body,
      headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(from), "Content-Digest": `sha-256=:${digest}:` },
      onsent: sent => this.tell("sending", (from + sent) / this.file.size),
    })
  }

  /* Asks until there is an answer. After a chunk whose answer got lost, the server says how far it is: 409 stands for that. */
  async patiently(method, url, options = {}) {
    for (let wait = FIRST_PAUSE; ; wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      const answer = await ask(method, url, { ...options, signal: this.stopping.signal })
      if (this.stopping.signal.aborted) throw new Stopped()
      const { status, said } = answer
      const signedOut = status === 401 || status === 403 && !said.detail   // with a detail: signed in, and not allowed
      const away = [0, 400, 429].includes(status) || status >= 500 && status !== 507
      if (!away && !signedOut) return answer
      this.tell(signedOut ? "signed-out" : "offline", reason(said))
      await pause(wait)
      if (this.stopping.signal.aborted) throw new Stopped()
      if (method === "PUT") return { status: 409, said: {} }
    }
  }
}
