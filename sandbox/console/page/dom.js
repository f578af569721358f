/**
 * Makes an element. Texts become text nodes and never markup, whatever they contain; attributes are set as text.
 * Children may be nodes, texts, numbers, lists of them, or nothing.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.flat(9).filter(isShown).map(toNode));
  return element;
}

function isShown(child) {
  return child !== undefined && child !== null && child !== "";
}

function toNode(child) {
  return child instanceof Node ? child : document.createTextNode(visible(String(child)));
}

/** Controls and characters that turn text around are shown as what they are. */
export function visible(text) {
  return text.replaceAll(/[\p{Cc}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, (character) => {
    return `\\u${character.codePointAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Where a view of the page is, as a link's target. */
export function hrefOf(view, parameters = {}) {
  const stated = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== "");
  const query = new URLSearchParams(stated).toString();
  return query === "" ? `#${view}` : `#${view}?${query}`;
}

export function chip(text, kind = "") {
  return h("span", { class: `chip ${kind}` }, text);
}
