// Keeps the page true while it is open: asks for it anew, changes only what differs, and says so where nobody answers.
// Buttons do what they do without leaving the page. Without this script all of it works by loading anew.
"use strict";

const EVERY = 5_000; // milliseconds
const EVERY_HIDDEN = 60_000;
const PATIENCE = 8_000;

let last = null; // the page as it was last sent
let readAt = Date.now(); // when, by this browser's clock
let ahead = 0; // milliseconds that the server's clock is ahead of this one
let timer = 0;
const live = document.querySelector("main[data-live]") !== null;

async function refresh() {
  clearTimeout(timer);
  try {
    const answer = await fetch(location.pathname + location.search, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(await answer.text());
    take(await answer.text(), Date.parse(answer.headers.get("Date")));
    found();
  } catch (error) {
    lost(error);
  }
  schedule();
}

function schedule() {
  clearTimeout(timer);
  if (!live) return;
  timer = setTimeout(refresh, document.hidden ? EVERY_HIDDEN : EVERY);
}

function take(text, serverTime) {
  readAt = Date.now();
  if (serverTime) ahead = serverTime - readAt;
  if (text === last) return;
  last = text;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (fresh.documentElement.dataset.version !== document.documentElement.dataset.version) {
    location.reload();
    return;
  }
  morph(document.querySelector("main"), fresh.querySelector("main"));
  document.title = fresh.title;
  favicon(fresh.querySelector("link[rel=icon]").getAttribute("href"));
  tell();
}

// Makes `old` like `fresh`, and leaves alone what is alike, so that selections and what was folded open stay.
function morph(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(old.nodeName === "DETAILS" && name === "open")) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  if (old.nodeName === "TIME") return; // its words are ours, see `tell`
  const keyed = new Map([...old.children].filter((each) => each.dataset.key).map((each) => [each.dataset.key, each]));
  let next = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const key = wanted.dataset?.key;
    const found = key ? keyed.get(key) : next;
    keyed.delete(key);
    if (!found || found.nodeName !== wanted.nodeName || (!key && found.dataset?.key)) {
      old.insertBefore(wanted, next);
      continue;
    }
    if (found === next) next = next.nextSibling;
    else old.insertBefore(found, next);
    if (found.nodeType === Node.ELEMENT_NODE) morph(found, wanted);
    else if (found.data !== wanted.data) found.data = wanted.data;
  }
  while (next) {
    const gone = next;
    next = next.nextSibling;
    gone.remove();
  }
}

function found() {
  if (!document.body.classList.contains("lost")) return;
  document.body.classList.remove("lost");
  document.getElementById("lost").hidden = true;
  last = null; // so that title and icon come back
  refresh();
}

// Nothing that is old may look as if it were so now.
function lost(error) {
  const why = error.name === "Error" ? error.message.trim() : "Tray Status does not answer; has it ended?";
  const words = document.getElementById("lost");
  words.textContent = `${why} What stands here is from ${new Date(readAt).toLocaleString()}.`;
  words.hidden = false;
  document.body.classList.add("lost");
  document.title = "Not known · Tray Status";
  favicon("/icon/unknown.png");
}

function favicon(address) {
  const link = document.querySelector("link[rel=icon]");
  if (link.getAttribute("href") !== address) link.setAttribute("href", address);
}

// Times as a person counts them: "5 min ago", "in 40 s"; the exact one is shown on hovering.
function tell() {
  const now = Date.now() + ahead;
  for (const time of document.querySelectorAll("time")) {
    const at = Date.parse(time.dateTime);
    if (time.className === "exact") continue;
    const words = span(time.className === "due" ? Math.max(0, at - now) : at - now);
    if (time.textContent !== words) time.textContent = words;
    time.title = new Date(at).toLocaleString();
  }
}

function span(milliseconds) {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds < 2) return "now";
  const [size, unit] = [[86400 * 2, 86400, "d"], [3600, 3600, "h"], [60, 60, "min"], [0, 1, "s"]]
    .filter(([from]) => seconds >= from)
    .map(([, each, name]) => [Math.floor(seconds / each), name])[0];
  return milliseconds > 0 ? `in ${size} ${unit}` : `${size} ${unit} ago`;
}

// What was done, or why it was not, for as long as it takes to read it.
let silence = 0;
function say(words, wrong) {
  const said = document.getElementById("said");
  said.textContent = words;
  said.className = wrong ? "wrong" : "";
  said.hidden = false;
  clearTimeout(silence);
  silence = setTimeout(() => (said.hidden = true), 6_000);
}

async function act(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  button.disabled = true;
  try {
    const answer = await fetch("/do", { method: "POST", body, headers: { Accept: "application/json" } });
    const told = answer.headers.get("Content-Type") === "application/json" ? await answer.json() : { words: await answer.text() };
    say(told.words, !answer.ok);
    if (answer.ok && !live) location.assign(form.elements.back.value);
  } catch {
    say("Tray Status does not answer; nothing was changed.", true);
  }
  button.disabled = false;
  if (live) refresh();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") === "/do" && !form.classList.contains("slow")) {
    event.preventDefault();
    act(form, event.submitter);
  } else if (form.classList.contains("slow")) {
    say("Looking at it; this may take a moment.", false);
  }
});

setInterval(() => {
  // After sleep the timers of a page may lag behind: what was not confirmed for so long is not shown as true.
  if (live && Date.now() - readAt > 3 * (document.hidden ? EVERY_HIDDEN : EVERY) + PATIENCE) lost(new TypeError());
  tell();
}, 1_000);
document.addEventListener("visibilitychange", () => (document.hidden || !live ? schedule() : refresh()));
new Image().src = "/icon/unknown.png"; // to have it when there is nobody left to ask
tell();
schedule();
