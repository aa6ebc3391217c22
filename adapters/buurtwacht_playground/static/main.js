// Puts the page together: lays out the telephones and follows the stream of what changes.

import { isSame, last, sayBegunAnew } from "./anew.js";
import { make } from "./dom.js";
import { Inside } from "./inside.js";
import { act, ask, say, toast, viewer } from "./net.js";
import { dayName, Phone } from "./phone.js";
import { Story } from "./story.js";

const shelf = document.getElementById("phones");
const tabs = document.getElementById("tabs");
const phones = new Map();
const inside = new Inside();
const onScreen = new Set();

// --- which telephones are looked at ---

let current = "";
let looking;

const eye = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) onScreen[isIntersecting ? "add" : "delete"](target.id.slice("phone-".length));
    mark();
    look();
  },
  { root: shelf, threshold: 0.55 },
);

function look() {
  clearTimeout(looking);
  looking = setTimeout(() => {
    const telephones = document.visibilityState === "visible" ? [...onScreen] : [];
    ask("look", { viewer, telephones }).catch(() => {}); // the stream tells when the connection is gone
  }, 120);
}

document.addEventListener("visibilitychange", look);

function mark() {
  current = [...phones.keys()].find((id) => onScreen.has(id)) ?? current;
  for (const tab of tabs.children) {
    if (tab.dataset.phone === current) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
    if (onScreen.has(tab.dataset.phone)) tab.classList.remove("news");
  }
}

function reveal(phone) {
  phone.element.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "nearest" });
}

// --- the stream ---

function layOut({ telephones, glimpses, clock, start, own }) {
  if (!isSame(start)) return;
  inside.making(own);
  if (telephones.map(({ id }) => id).join() !== [...phones.keys()].join()) {
    eye.disconnect();
    onScreen.clear();
    phones.clear();
    tabs.replaceChildren();
    document.getElementById("waiting")?.remove();
    for (const view of telephones) {
      const phone = new Phone(view);
      phones.set(view.id, phone);
      shelf.append(phone.element);
      const tab = make("button", { type: "button", className: view.style, onclick: () => reveal(phone) }, view.name);
      tab.dataset.phone = view.id;
      tabs.append(tab);
      inside.know(view.name);
    }
    shelf.replaceChildren(...[...phones.values()].map(({ element }) => element));
    for (const { element } of phones.values()) eye.observe(element);
  }
  for (const view of telephones) {
    phones.get(view.id).update(view);
    phones.get(view.id).fill(view.messages);
  }
  inside.fill(glimpses);
  showClock(clock);
  look();
  if (sayBegunAnew()) {
    const said = last();
    if (said) phones.get(said.telephone)?.prepare(said.text);
    if (said && own.length) reveal(phones.get(said.telephone));
  }
}

function showClock({ day, time }) {
  document.getElementById("day").textContent = dayName(day);
  document.getElementById("time").textContent = time.slice(0, 5);
  document.getElementById("time").title = time;
}

const stream = new EventSource(`/playground/events?viewer=${viewer}`);
const on = (name, then) => stream.addEventListener(name, (event) => then(JSON.parse(event.data)));

on("state", layOut);
on("clock", showClock);
on("glimpse", (glimpse) => inside.add(glimpse));
on("telephone", (view) => phones.get(view.id)?.update(view));
on("message", ({ telephone, message }) => {
  phones.get(telephone)?.put(message);
  if (!message.mine && !onScreen.has(telephone)) tabs.querySelector(`[data-phone="${telephone}"]`)?.classList.add("news");
});
stream.addEventListener("open", () => toast(""));
stream.addEventListener("error", () => toast(say("lost")));

// --- the bar ---

for (const button of document.querySelectorAll(".ahead button")) {
  button.addEventListener("click", async () => {
    const { seconds, to } = button.dataset;
    button.disabled = true;
    await act("advance", to ? { to } : { seconds: Number(seconds) });
    button.disabled = false;
    button.focus();
  });
}

new Story((who) => {
  for (const phone of phones.values()) {
    const acts = phone.name.split(" ")[0] === who;
    phone.element.classList.toggle("acts", acts);
    if (acts) reveal(phone);
  }
});
