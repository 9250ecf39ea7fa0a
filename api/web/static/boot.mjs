// Every page works without this file. It starts the GOV.UK components, saves drafts as they are
// typed (forms with data-autosave), warns before a session runs out (data-session-seconds) and
// follows work under way (data-follow), and holds back what rests on boxes that were changed
// (data-before).
import { initAll } from './vendor/govuk-frontend.min.js'

const SAVE_AFTER_MS = 3000
const WARN_BEFORE_S = 120

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) {
  document.body.classList.add('govuk-frontend-supported')
}
initAll()

const clock = () =>
  new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

function autosave (form) {
  const status = document.createElement('p')
  status.className = 'govuk-body-s app-saved'
  status.setAttribute('role', 'status')
  form.append(status)
  let waiting, saving, again = false, unsaved = false

  async function save () {
    if (saving) { again = true; return }
    saving = true
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: 'POST', body: new FormData(form), credentials: 'same-origin', redirect: 'error',
        keepalive: document.visibilityState === 'hidden'
      })
      if (answer.ok) unsaved = again
      // A saved draft is use of the session, so the time left begins again.
      if (answer.ok) document.dispatchEvent(new Event('app:session-used'))
      // The next save is made from this one, and so is the form itself.
      const revision = answer.headers.get('Draft-Revision')
      if (revision && form.elements.revision) form.elements.revision.value = revision
      status.textContent = answer.ok
        ? `Saved ${clock()}`
        : answer.status === 409
          ? 'This draft was changed elsewhere. Press “Save and continue” to bring both together.'
          : answer.status === 401
            ? 'You have been signed out. Press “Save and continue”: you can sign in there, and what you typed is kept.'
            : 'Your draft could not be saved. Keep this page open and try again.'
    } catch {
      status.textContent = 'Not saved: no connection. Your answers are still on this page.'
    }
    saving = false
    if (again) { again = false; save() }
  }

  form.addEventListener('input', () => {
    unsaved = true
    clearTimeout(waiting)
    waiting = setTimeout(save, SAVE_AFTER_MS)
  })
  form.addEventListener('submit', () => { unsaved = false; clearTimeout(waiting) })
  // Whoever leaves within those seconds, or puts their phone away, loses nothing either.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden' || !unsaved) return
    clearTimeout(waiting)
    save()
  })
}

function warnBeforeTimeout (box) {
  const idle = Number(box.dataset.sessionSeconds)
  const message = box.querySelector('.app-timeout__message')
  const extend = box.querySelector('button')
  let timer

  function start () {
    clearTimeout(timer)
    box.hidden = true
    timer = setTimeout(() => {
      message.textContent = 'You will be signed out in about 2 minutes.'
      box.hidden = false
      timer = setTimeout(() => {
        message.textContent = 'You have been signed out. Sign in again to carry on.'
        extend.hidden = true
      }, WARN_BEFORE_S * 1000)
    }, Math.max(0, idle - WARN_BEFORE_S) * 1000)
  }

  extend.addEventListener('click', async () => {
    const answer = await fetch(box.dataset.extend, { credentials: 'same-origin', redirect: 'manual' })
    if (answer.ok) start()
    else message.textContent = 'You have been signed out. Sign in again to carry on.'
  })
  document.addEventListener('app:session-used', start)
  start()
}

// Asks a page again until it leads on.
function follow (region) {
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { credentials: 'same-origin' })
      if (answer.redirected) { location.assign(answer.url); return }
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const now = page.querySelector('[data-follow]')
      if (now) region.replaceChildren(...now.childNodes)
    } catch {}
    follow(region)
  }, Number(region.dataset.follow) * 1000)
}

// What is shown below boxes is not what they say once they are changed: it waits until then.
function holdBack (boxes) {
  boxes.addEventListener('change', () => {
    const after = document.getElementById(boxes.dataset.before)
    const why = document.getElementById(`${boxes.dataset.before}-changed`)
    if (after) after.hidden = true
    if (why) why.hidden = false
  })
}

// On a phone the other pages of a section open beneath a button, as the sections do.
function foldPages (section) {
  const list = section.querySelector('ul')
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'app-section-pages'
  button.textContent = `More in ${section.getAttribute('aria-label')}`
  const open = (shown) => {
    list.hidden = !shown
    button.setAttribute('aria-expanded', String(shown))
  }
  button.addEventListener('click', () => open(list.hidden))
  list.before(button)
  open(false)
}

document.querySelectorAll('.govuk-width-container > .moj-sub-navigation').forEach(foldPages)
document.querySelectorAll('[data-follow]').forEach(follow)
document.querySelectorAll('[data-before]').forEach(holdBack)
document.querySelectorAll('form[data-autosave]').forEach(autosave)
document.querySelectorAll('[data-session-seconds]').forEach(warnBeforeTimeout)
