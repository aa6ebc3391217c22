// The pane that shows what happened inside: one line for each thing, by person if wanted.

import { make } from "./dom.js";
import { say } from "./net.js";

const MOST = 400;

/** What happened, in the page's language; the names of plugins and texts are what they are called inside. */
function what(glimpse) {
  if (glimpse.stage === "inbox") return say(`kind_${glimpse.what}`);
  return say(`what_${glimpse.stage}`, { what: glimpse.what });
}

export class Inside {
  constructor() {
    this.list = document.getElementById("trace");
    this.none = document.getElementById("inside-none");
    this.person = document.getElementById("inside-person");
    this.scroller = this.list.parentElement;
    this.people = new Set();
    this.person.addEventListener("change", () => this.filter());
    document.getElementById("inside-clear").addEventListener("click", () => this.fill([]));
    if (matchMedia("(max-width: 719px)").matches) document.getElementById("inside").open = false;
  }

  fill(glimpses) {
    this.list.replaceChildren();
    for (const glimpse of glimpses) this.add(glimpse);
    this.filter();
  }

  add(glimpse) {
    this.know(glimpse.person);
    const near = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 60;
    const line = make("li", {},
      make("time", {}, glimpse.time),
      make("span", { className: `stage ${glimpse.stage}` }, say(`stage_${glimpse.stage}`)),
      make("span", { className: "who" }, glimpse.person),
      make("span", { className: "what", title: glimpse.what }, what(glimpse)),
      make("span", { className: "via" }, glimpse.account),
    );
    line.dataset.person = glimpse.person;
    line.hidden = this.person.value !== "" && this.person.value !== glimpse.person;
    this.list.append(line);
    if (this.list.childElementCount > MOST) this.list.firstElementChild.remove();
    this.none.hidden = true;
    if (near) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  know(person) {
    if (!person || this.people.has(person)) return;
    this.people.add(person);
    this.person.append(make("option", { value: person }, person));
  }

  filter() {
    for (const line of this.list.children) line.hidden = this.person.value !== "" && line.dataset.person !== this.person.value;
    this.none.hidden = [...this.list.children].some((line) => !line.hidden);
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
