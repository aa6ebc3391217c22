// A server that begins anew: the page asks for itself again, says so, and has ready what was typed last.

import { say, toast } from "./net.js";

// The page that stands here while a plugin cannot be loaded leaves the first of them too.
const ANEW = "begun-anew";
const LAST = "typed-last";

let start = "";

/** Return whether the page is of this start of the server; otherwise it is loaded again. */
export function isSame(now) {
  if (start && start !== now) {
    sessionStorage.setItem(ANEW, "yes");
    location.reload();
    return false;
  }
  start = now;
  return true;
}

/** Tell that the server began anew, once; return whether it did. */
export function sayBegunAnew() {
  const anew = sessionStorage.getItem(ANEW) !== null;
  sessionStorage.removeItem(ANEW);
  if (anew) toast(say("begun_anew"));
  return anew;
}

export function remember(telephone, text) {
  sessionStorage.setItem(LAST, JSON.stringify({ telephone, text }));
}

export function last() {
  return JSON.parse(sessionStorage.getItem(LAST) ?? "null");
}
