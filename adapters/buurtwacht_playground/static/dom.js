// Making elements: text is always text, never markup.

const SVG = "http://www.w3.org/2000/svg";

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Open something inside a telephone that Escape, or a touch elsewhere, closes; the focus goes back afterwards. */
export function opens(place, element, { from, shade = false } = {}) {
  const layer = shade ? make("div", { className: "shade" }) : null;
  const inside = () => [...element.querySelectorAll("button, input")].filter((one) => !one.disabled);
  const close = () => {
    document.removeEventListener("pointerdown", elsewhere, true);
    element.remove();
    layer?.remove();
    from?.setAttribute("aria-expanded", "false");
    if (!document.activeElement || document.activeElement === document.body) from?.focus({ preventScroll: true });
  };
  const elsewhere = (event) => {
    if (!element.contains(event.target) && !from?.contains(event.target)) close();
  };
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") {
      const stops = inside();
      const last = event.shiftKey ? stops[0] : stops.at(-1);
      if (document.activeElement === last || (last?.type === "radio" && document.activeElement?.name === last.name)) {
        event.preventDefault();
        (event.shiftKey ? stops.at(-1) : stops[0]).focus();
      }
    }
  });
  if (layer) place.append(layer);
  place.append(element);
  from?.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", elsewhere, true);
  inside()[0]?.focus({ preventScroll: true });
  return close;
}
