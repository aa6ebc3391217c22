// A telephone on the page: its owner, the chat, and the line to type on.

import { remember } from "./anew.js";
import { bubble } from "./bubbles.js";
import { icon, make, opens } from "./dom.js";
import { act, language, say, toast } from "./net.js";

const MESSENGERS = { telegram: "Telegram", whatsapp: "WhatsApp", browser: "Browser" };
const TOLBERG = { latitude: 51.5236, longitude: 4.4431 };
const LARGEST_PHOTO = 5_000_000;
const locale = language === "en" ? "en-GB" : "nl-NL";
const weekdays = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
const dates = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });

const weekday = (day) => weekdays.format(new Date(`${day}T00:00:00Z`));
export const dayName = (day) => dates.format(new Date(`${day}T00:00:00Z`));

export class Phone {
  constructor(view) {
    this.id = view.id;
    this.style = view.style;
    this.name = view.name;
    this.quoting = null;
    this.messages = new Map();
    this.log = make("div", { className: "log", role: "log", tabIndex: 0, "aria-live": "polite", "aria-label": say("messages_of", { name: view.name }) });
    this.atEnd = true;
    this.log.addEventListener("scroll", () => (this.atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 90));
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.log);
    this.window = make("div", { className: "window", hidden: true });
    this.foot = make("div", {});
    this.composer = this.makeComposer();
    this.device = make("div", { className: "device" }, this.makeHead(), this.window, this.log, this.foot);
    this.owner = make("header", { className: "owner" });
    this.element = make("section", { className: `phone ${view.style}`, id: `phone-${view.id}` }, this.owner, this.device);
    this.element.setAttribute("aria-label", say("phone_of", { name: view.name, messenger: MESSENGERS[view.style] }));
    this.update(view);
  }

  makeHead() {
    const picture = make("img", { src: "/playground/static/mark.svg", alt: "" });
    const name = make("div", { className: "name" }, "Buurtwacht", make("small", {}, say(`${this.style}_status`)));
    return make("div", { className: "chathead" }, make("span", { className: "back" }, icon("back")), make("span", { className: "avatar" }, picture), name);
  }

  // --- the owner, the switch, the window ---

  update(view) {
    const roles = view.roles.map((role) => say(`role_${role}`)).filter((word) => !word.startsWith("role_"));
    const line = (shown) => [MESSENGERS[view.style], ...shown, view.street, view.neighbourhood].filter(Boolean).join(" · ");
    const focused = this.owner.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    this.owner.replaceChildren(
      make("div", { className: "who" }, make("strong", {}, view.name), make("span", { className: "where", title: line(roles) }, line(roles.slice(0, 1)))),
      this.toggle("block", view.blocked, say(view.blocked ? "unblock" : "block", { name: view.name }), () => act("block", { telephone: this.id, blocked: !view.blocked })),
      this.toggle("power", !view.on, say(view.on ? "switch_off" : "switch_on", { name: view.name }), () => act("switch", { telephone: this.id, on: !view.on })),
    );
    if (focused) this.owner.querySelector(`[data-act="${focused}"]`)?.focus();
    this.element.classList.toggle("off", !view.on);
    this.updateWindow(view);
    const verdict = !view.on ? say("off") : view.blocked ? say("blocked", { name: view.name }) : "";
    const foot = verdict ? make("p", { className: "verdict", role: "status" }, verdict) : this.composer;
    if (verdict || this.foot !== foot) {
      this.foot.replaceWith(foot);
      this.foot = foot;
    }
  }

  toggle(name, pressed, label, onclick) {
    const button = make("button", { type: "button", title: label, "aria-label": label, "aria-pressed": String(pressed), onclick }, icon(name));
    button.dataset.act = name;
    return button;
  }

  updateWindow(view) {
    this.window.hidden = !view.hasWindow;
    if (!view.hasWindow) return;
    const held = this.window.contains(document.activeElement);
    const open = view.windowOpen;
    this.window.classList.toggle("closed", !open);
    const button = make("button", { type: "button", onclick: () => act("window", { telephone: this.id, open: !open }) }, say(open ? "window_do_close" : "window_do_open"));
    this.window.replaceChildren(make("span", {}, open ? say("window_open", { time: `${weekday(view.windowEnds.day)} ${view.windowEnds.time}` }) : say("window_closed")), button);
    if (held) button.focus();
  }

  // --- messages ---

  fill(messages) {
    this.messages.clear();
    this.log.replaceChildren();
    for (const message of messages) this.put(message, false);
    if (!messages.length) this.log.append(make("p", { className: "nothing" }, say("empty")));
    this.toEnd();
  }

  put(message, fresh = true) {
    const known = this.messages.get(message.id);
    const near = this.atEnd;
    const row = bubble(this, message);
    const held = known && known.contains(document.activeElement);
    if (known) {
      known.replaceWith(row);
      if (held) this.log.focus({ preventScroll: true });
    } else {
      this.log.querySelector(".nothing")?.remove();
      if (this.lastDay !== message.day || !this.messages.size) this.log.append(make("p", { className: "day" }, dayName(message.day)));
      this.lastDay = message.day;
      if (fresh) row.classList.add("fresh");
      this.log.append(row);
    }
    this.messages.set(message.id, row);
    for (const picture of row.querySelectorAll("img")) picture.addEventListener("load", () => near && this.toEnd(), { once: true });
    if (near || message.mine) this.toEnd();
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  // --- typing ---

  makeComposer() {
    this.quote = make("div", { className: "answering", hidden: true });
    this.text = make("textarea", { rows: 1, maxLength: 4096, placeholder: say("write"), "aria-label": `${say("write")}, ${this.name}` });
    this.text.addEventListener("input", () => this.fit());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.send();
      } else if (event.key === "Escape" && this.quoting) this.answer(null);
    });
    const clip = make("button", { type: "button", className: "clip", title: say("attach"), "aria-label": say("attach"), "aria-haspopup": "true", "aria-expanded": "false" }, icon("clip"));
    clip.addEventListener("click", () => this.attach(clip));
    const plane = make("button", { type: "submit", className: "send", title: say("send"), "aria-label": say("send") }, icon("send"));
    const field = make("div", { className: "field" });
    if (this.style === "whatsapp") field.append(this.text, clip);
    else field.append(clip, this.text);
    const form = make("form", {}, field, plane);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    return make("div", { className: "composer" }, this.quote, form);
  }

  fit() {
    this.text.style.height = "39px";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 110)}px`;
  }

  /** Put text where it can be sent at once. */
  prepare(text) {
    this.text.value = text;
    this.fit();
    this.text.focus({ preventScroll: true });
  }

  async send() {
    const text = this.text.value.trim();
    if (!text) return;
    const body = { telephone: this.id, text };
    if (this.quoting) body.reply_to = this.quoting;
    remember(this.id, text);
    this.text.value = "";
    this.answer(null);
    this.fit();
    if (!(await act("say", body)) && !this.text.value) {
      this.text.value = text;
      this.fit();
    }
  }

  answer(message) {
    this.quoting = message?.id ?? null;
    this.quote.hidden = !message;
    if (message) {
      const words = message.text || say("picture");
      const cancel = make("button", { type: "button", "aria-label": say("cancel"), onclick: () => this.answer(null) }, icon("close"));
      this.quote.replaceChildren(make("span", {}, `${say("replying")}: ${words}`), cancel);
    }
    this.text.focus();
  }

  attach(clip) {
    if (clip.getAttribute("aria-expanded") === "true") return;
    let close;
    const item = (name, label, then) => {
      const chosen = () => {
        close();
        then();
      };
      return make("button", { type: "button", onclick: chosen }, icon(name), label);
    };
    const menu = make("div", { className: "menu attach" },
      item("camera", say("photo_sample"), () => act("photo", { telephone: this.id, ...this.caption() })),
      item("image", say("photo_file"), () => this.pickPhoto()),
      item("pin", say("location"), () => act("location", { telephone: this.id, ...TOLBERG })),
      item("voice", say("voice"), () => act("voice", { telephone: this.id })),
    );
    close = opens(this.device, menu, { from: clip });
  }

  caption() {
    const caption = this.text.value.trim().slice(0, 1024);
    this.text.value = "";
    this.fit();
    return { caption };
  }

  pickPhoto() {
    const input = make("input", { type: "file", accept: "image/jpeg,image/png" });
    input.addEventListener("change", () => {
      const [file] = input.files;
      if (!file) return;
      if (file.size > LARGEST_PHOTO) {
        toast(say("photo_large"));
        return;
      }
      const reader = new FileReader();
      reader.addEventListener("load", () => {
        const content = reader.result.slice(reader.result.indexOf(",") + 1);
        act("photo", { telephone: this.id, content, mime: file.type, ...this.caption() });
      });
      reader.readAsDataURL(file);
    });
    input.click();
  }
}
