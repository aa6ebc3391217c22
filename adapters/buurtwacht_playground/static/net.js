// What the server gave the page, and how the page asks for something.

const given = JSON.parse(document.getElementById("given").textContent);

export const captions = given.captions;
export const language = given.language;
export const viewer = crypto.getRandomValues(new Uint32Array(3)).join("-");

export function say(key, facts = {}) {
  return (given.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}

// A server that has not answered by now never will: the longest act, a step of the story, takes 25 seconds at most.
const PATIENCE = 40_000;

let fading;

export function toast(sentence) {
  const place = document.getElementById("toast");
  clearTimeout(fading);
  place.hidden = !sentence;
  place.textContent = sentence ?? "";
  if (sentence) fading = setTimeout(() => (place.hidden = true), 7000);
}

/** Ask for an act; resolves with the answer, or throws an Error whose message can be shown. */
export async function ask(act, body) {
  let response;
  try {
    response = await fetch(`/playground/${act}?lang=${language}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    throw new Error(say(error.name === "TimeoutError" ? "failed" : "lost"));
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? say("failed"));
  return answer;
}

/** Ask, and tell the person when it did not work; resolves with whether it did. */
export async function act(name, body) {
  try {
    await ask(name, body);
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}
