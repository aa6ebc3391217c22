// One message on a screen, as its messenger would draw it.

import { icon, make, opens } from "./dom.js";
import { act, say } from "./net.js";

const EMOJI = ["👍", "👌", "✅", "🙏", "❤️"];

export function bubble(phone, message) {
  const asks = message.options.length > 0 && (message.layout === "buttons" || message.layout === "list");
  const row = make("div", { className: `row${message.mine ? " mine" : ""}${asks ? " asks" : ""}` });
  row.dataset.message = message.id;
  row.append(paper(phone, message));
  if (asks) row.append(answers(phone, message));
  if (message.reaction) row.append(make("span", { className: "reaction" }, message.reaction));
  if (!message.mine) row.append(more(phone, message, row));
  return row;
}

function paper(phone, message) {
  const paper = make("div", { className: "bubble" });
  if (message.template) paper.append(make("span", { className: "badge", title: say("template_hint") }, say("template")));
  if (message.quotes) paper.append(make("div", { className: "quote" }, message.quotes));
  for (const file of message.files) paper.append(attached(file));
  if (message.location) {
    const [latitude, longitude] = message.location.map((degrees) => degrees.toFixed(4));
    const label = say("map", { latitude, longitude });
    paper.append(make("div", { className: "map", role: "img", "aria-label": label }, icon("pin")));
    if (!message.text) paper.append(make("span", { className: "words" }, `${latitude}, ${longitude}`));
  }
  if (message.text) paper.append(make("span", { className: "words" }, message.text));
  const meta = make("span", { className: "meta" });
  if (message.edited) meta.append(make("span", {}, say("edited")));
  if (message.silent) meta.append(make("span", { className: "silent" }, say("silent")));
  meta.append(make("time", {}, message.time));
  if (message.tick) {
    const name = say(`tick_${message.tick}`);
    const tick = make("span", { className: message.tick, role: "img", "aria-label": name, title: name });
    tick.append(icon(`tick-${message.tick}`));
    meta.append(tick);
  }
  paper.append(meta);
  return paper;
}

function attached(file) {
  if (file.picture) return make("img", { src: file.url, alt: say("picture"), loading: "lazy" });
  return make("a", { className: "filelink", href: file.url, download: file.name }, icon("file"), file.name || say("document"));
}

function answers(phone, message) {
  const tap = (option) => act("tap", { telephone: phone.id, message: message.id, option });
  const all = (label) => {
    const button = make("button", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" }, icon("list"), label);
    button.addEventListener("click", () => sheet(phone, message, button, tap));
    return button;
  };
  if (message.layout === "list") return make("div", { className: "replies" }, all(message.listTitle || say("choose")));
  // WhatsApp shows two of a template's answers when there are more than three, and the rest behind a button.
  const few = phone.style === "whatsapp" && message.options.length > 3 ? 2 : message.options.length;
  const box = make("div", { className: phone.style === "whatsapp" ? "replies" : "keyboard", role: "group", "aria-label": say("choose") });
  for (const option of message.options.slice(0, few)) {
    const chosen = message.chosen === option.id;
    const button = make("button", { type: "button", onclick: () => tap(option.id) });
    if (phone.style === "whatsapp") {
      button.append(icon("reply"));
      button.disabled = chosen;
    } else button.setAttribute("aria-pressed", String(chosen));
    button.append(option.label);
    box.append(button);
  }
  if (few < message.options.length) box.append(all(say("all_answers")));
  return box;
}

function sheet(phone, message, button, tap) {
  const title = message.listTitle || say("choose");
  const rows = make("div", { className: "rows", role: "radiogroup", "aria-label": title });
  const send = make("button", { type: "submit", className: "choose", disabled: true }, say("send"));
  for (const option of message.options) {
    const radio = make("input", { type: "radio", name: `answer-${message.id}`, value: option.id });
    radio.addEventListener("change", () => (send.disabled = false));
    rows.append(make("label", {}, make("span", {}, option.label), radio));
  }
  let close;
  const cross = make("button", { type: "button", "aria-label": say("cancel"), onclick: () => close() }, icon("close"));
  const form = make("form", {}, make("header", {}, make("span", {}, title), cross), rows, send);
  const panel = make("div", { className: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title }, form);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.type === "radio") {
      event.preventDefault();
      event.target.checked = true;
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = new FormData(form).get(`answer-${message.id}`);
    close();
    if (chosen) tap(chosen);
  });
  close = opens(phone.device, panel, { from: button, shade: true });
  rows.querySelector("input")?.focus();
}

function more(phone, message, row) {
  const button = make("button", { type: "button", className: "more", "aria-label": say("react"), title: say("react"), "aria-haspopup": "true", "aria-expanded": "false" }, icon("smile"));
  const open = () => {
    if (button.getAttribute("aria-expanded") === "true") return;
    let close;
    const emoji = make("div", { className: "emoji", role: "group", "aria-label": say("react") });
    for (const one of EMOJI) {
      const same = message.reaction === one;
      const put = () => {
        close();
        act("react", { telephone: phone.id, message: message.id, emoji: same ? "" : one });
      };
      emoji.append(make("button", { type: "button", "aria-label": say("react_with", { emoji: one }), "aria-pressed": String(same), onclick: put }, one));
    }
    const reply = () => {
      close();
      phone.answer(message);
    };
    const menu = make("div", { className: "menu react" }, emoji, make("button", { type: "button", onclick: reply }, icon("reply"), say("reply")));
    close = opens(phone.device, menu, { from: button });
    const frame = phone.device.getBoundingClientRect();
    const under = row.getBoundingClientRect().top - frame.top - menu.offsetHeight - 4;
    menu.style.top = `${Math.max(64, Math.min(under, frame.height - menu.offsetHeight - 60))}px`;
  };
  button.addEventListener("click", open);
  longPress(row, open);
  return button;
}

function longPress(row, open) {
  let timer;
  const stop = () => clearTimeout(timer);
  row.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !event.target.closest("button, a")) timer = setTimeout(open, 480);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove", "pointerleave"]) row.addEventListener(name, stop);
  row.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a, img")) return;
    event.preventDefault();
    open();
  });
}
