// The pane that shows what happened inside: one line for each thing, by person or by plugin if wanted.

import { make } from "./dom.js";
import { say } from "./net.js";

// Of calls of other plugins there are many: they make place before anything else does.
const MOST = 400;
const MOST_CALLS = 600;

/** What happened, in the page's language; the names of plugins and texts are what they are called inside. */
function what(glimpse) {
  if (glimpse.stage === "inbox") return say(`kind_${glimpse.what}`);
  return say(`what_${glimpse.stage}`, { what: glimpse.what });
}

function time(ms) {
  return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
}

export class Inside {
  constructor() {
    this.list = document.getElementById("trace");
    this.none = document.getElementById("inside-none");
    this.person = document.getElementById("inside-person");
    this.mine = document.querySelector("#inside-mine input");
    this.faults = document.getElementById("inside-faults");
    this.scroller = this.list.parentElement;
    this.people = new Set();
    this.own = new Set();
    this.person.addEventListener("change", () => this.filter());
    this.mine.addEventListener("change", () => this.filter());
    document.getElementById("inside-clear").addEventListener("click", () => this.fill([]));
    if (matchMedia("(max-width: 719px)").matches) document.getElementById("inside").open = false;
  }

  /** Name the plugins that whoever looks on is making, and what is so of them here. */
  making(plugins) {
    this.own = new Set(plugins.map(({ plugin }) => plugin));
    const lines = plugins.map(({ name, remarks }) =>
      make("li", {}, make("strong", {}, say("making", { name })), ...remarks.split(" ").filter(Boolean).map((one) => make("span", {}, say(`remark_${one}`)))),
    );
    const list = document.getElementById("making");
    list.replaceChildren(...lines);
    list.hidden = document.getElementById("inside-mine").hidden = !plugins.length;
    document.body.classList.toggle("maker", plugins.length > 0);
  }

  fill(glimpses) {
    this.list.replaceChildren();
    for (const glimpse of glimpses) this.add(glimpse);
    this.filter();
    this.count();
  }

  add(glimpse) {
    this.know(glimpse.person);
    const near = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 60;
    const line = this.line(glimpse);
    line.hidden = this.leavesOut(line);
    this.list.append(line);
    this.makePlace(line.classList.contains("others"));
    if (!line.hidden) this.none.hidden = true;
    if (glimpse.stage === "error") this.count();
    if (near) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  line(glimpse) {
    const own = this.own.has(glimpse.plugin);
    const isCall = glimpse.stage === "hook" || glimpse.stage === "error";
    const line = make("li", {},
      make("time", {}, glimpse.time),
      make("span", { className: `stage ${glimpse.stage}` }, say(`stage_${glimpse.stage}`)),
      make("span", { className: "who" }, isCall ? glimpse.plugin : glimpse.person),
      make("span", { className: "what", title: glimpse.what }, what(glimpse), glimpse.failed ? make("b", {}, ` · ${glimpse.failed}`) : null),
      make("span", { className: "via" }, glimpse.stage === "hook" ? time(glimpse.ms) : glimpse.account),
    );
    if (glimpse.stack) line.append(make("pre", { tabIndex: 0 }, glimpse.stack));
    line.dataset.person = glimpse.person;
    line.dataset.plugin = glimpse.plugin;
    line.classList.toggle("own", own);
    line.classList.toggle("broken", glimpse.failed !== "");
    line.classList.toggle("others", glimpse.stage === "hook" && !own);
    return line;
  }

  makePlace(others) {
    const alike = this.list.querySelectorAll(others ? "li.others" : "li:not(.others)");
    if (alike.length > (others ? MOST_CALLS : MOST)) alike[0].remove();
  }

  know(person) {
    if (!person || this.people.has(person)) return;
    this.people.add(person);
    this.person.append(make("option", { value: person }, person));
  }

  /** Errors are counted where they are seen while the pane is closed. */
  count() {
    const count = this.list.querySelectorAll(".stage.error").length;
    this.faults.hidden = !count;
    this.faults.textContent = count === 1 ? say("faults_one") : say("faults", { count });
  }

  leavesOut(line) {
    const { person, plugin } = line.dataset;
    if (this.person.value && person !== this.person.value) return true;
    return this.own.size > 0 && this.mine.checked && plugin !== "" && !this.own.has(plugin);
  }

  filter() {
    for (const line of this.list.children) line.hidden = this.leavesOut(line);
    this.none.hidden = [...this.list.children].some((line) => !line.hidden);
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
