/** Draws anew what is in `container`; what was unfolded stays so, and the focus stays where it was. */
export function keepPlace(container, draw) {
  const unfolded = new Set([...container.querySelectorAll("details[open]")].map(keyOf));
  const folded = new Set([...container.querySelectorAll("details:not([open])")].map(keyOf));
  const focused = container.contains(document.activeElement) ? keyOf(document.activeElement) : undefined;
  draw();
  for (const details of container.querySelectorAll("details")) {
    const key = keyOf(details);
    if (unfolded.has(key)) details.open = true;
    else if (folded.has(key)) details.open = false;
  }
  if (focused === undefined) return;
  [...container.querySelectorAll("a, button, summary")].find((element) => keyOf(element) === focused)?.focus();
}

/** Elements are known by what they say and by the row that they are in. */
function keyOf(element) {
  const row = element.closest("tr")?.firstElementChild?.textContent ?? "";
  const text = (element.querySelector("summary") ?? element).textContent;
  return [row, element.tagName, text, element.getAttribute("href")].join("\n");
}
