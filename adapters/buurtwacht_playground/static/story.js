// Tells the first story: shows a caption, gives time to read it, asks the server for the step, and goes on.

import { ask, captions, say } from "./net.js";

const part = (name) => document.getElementById(name);
const readingTime = (caption) => 900 + 38 * caption.length;

export class Story {
  constructor(focus) {
    this.focus = focus;
    this.telling = 0;
    this.paused = false;
    part("play").addEventListener("click", () => this.tell());
    part("story-next").addEventListener("click", () => this.goOn?.());
    part("story-stop").addEventListener("click", () => this.stop());
    part("story-pause").addEventListener("click", () => this.pause(!this.paused));
    part("story").addEventListener("keydown", (event) => event.key === "Escape" && this.stop());
  }

  async tell() {
    const mine = ++this.telling;
    part("story").hidden = false;
    part("play").disabled = true;
    part("story-stop").textContent = say("story_stop");
    part("story-pause").hidden = false;
    this.pause(false);
    part("story-next").focus();
    for (let step = 0; step < captions.length; step += 1) {
      this.show(step);
      await this.wait(readingTime(captions[step].caption));
      if (mine !== this.telling) return;
      while (!(await this.play(step, mine))) if (mine !== this.telling) return;
      if (mine !== this.telling) return;
    }
    part("story-progress").value = captions.length;
    part("story-next").hidden = true;
    part("story-pause").hidden = true;
    part("play").disabled = false;
    part("story-stop").textContent = say("story_close");
    part("story-stop").focus();
    this.focus(null);
  }

  show(step) {
    const { who, caption } = captions[step];
    part("story-step").textContent = `${say("story_step", { step: step + 1, total: captions.length })} · ${who}`;
    part("story-caption").textContent = caption;
    part("story-caption").classList.remove("trouble");
    part("story-progress").value = step;
    part("story-next").hidden = false;
    part("story-next").textContent = say("story_next");
    this.focus(who);
  }

  /** Do a step; when it is stuck, say why and wait until somebody wants to try again. */
  async play(step, mine) {
    const next = part("story-next");
    const held = document.activeElement === next;
    next.disabled = true;
    next.textContent = say("story_working");
    let answer = null;
    let trouble = "";
    try {
      answer = await ask("story", { step });
    } catch (error) {
      trouble = error.message;
    }
    next.disabled = false;
    if (held && mine === this.telling) next.focus();
    if (mine !== this.telling) return false;
    if (answer) {
      if (!answer.played) part("story-step").textContent += ` ${say("story_skipped")}`;
      return true;
    }
    part("story-caption").textContent = trouble;
    part("story-caption").classList.add("trouble");
    next.textContent = say("story_again");
    await new Promise((resolve) => (this.goOn = resolve));
    return false;
  }

  wait(milliseconds) {
    return new Promise((resolve) => {
      let left = milliseconds;
      let looked = performance.now();
      // What went by is measured: in a tab that is not looked at, a browser lets timers come seldom.
      const ticking = setInterval(() => {
        const now = performance.now();
        if (!this.paused) left -= now - looked;
        looked = now;
        if (left <= 0) this.goOn();
      }, 100);
      this.goOn = () => {
        clearInterval(ticking);
        resolve();
      };
    });
  }

  pause(paused) {
    this.paused = paused;
    part("story-pause").textContent = say(paused ? "story_go_on" : "story_pause");
  }

  stop() {
    this.telling += 1;
    this.goOn?.();
    part("story").hidden = true;
    part("play").disabled = false;
    part("play").focus();
    this.focus(null);
  }
}
