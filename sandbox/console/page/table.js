import { h, hrefOf } from "./dom.js";

/** A table with a caption for those who can't see it. The first column names the row. */
export function table({ caption, columns, rows, empty = "Nothing here yet." }) {
  if (rows.length === 0) return h("p", { class: "table empty" }, empty);
  const head = columns.map(({ name, kind }) =>
    h("th", { scope: "col", class: kind === "number" ? kind : undefined }, name),
  );
  const body = rows.map((row) =>
    h(
      "tr",
      {},
      columns.map(({ cell, kind }, index) =>
        index === 0 ? h("th", { scope: "row", class: kind }, cell(row)) : h("td", { class: kind }, cell(row)),
      ),
    ),
  );
  return h(
    "div",
    { class: "table" },
    h("table", {}, h("caption", {}, caption), h("thead", {}, h("tr", {}, head)), h("tbody", {}, body)),
  );
}

/** Links to the first and the next page; nothing where one page holds all. */
export function pager({ view, parameters }, nextPageToken) {
  if (nextPageToken === undefined && parameters.token === undefined) return undefined;
  const first =
    parameters.token === undefined
      ? undefined
      : h("a", { href: hrefOf(view, { ...parameters, token: "" }) }, "First page");
  const next =
    nextPageToken === undefined
      ? h("span", { class: "quiet" }, "This is the last page.")
      : h("a", { href: hrefOf(view, { ...parameters, token: nextPageToken }), rel: "next" }, "Next page");
  return h("nav", { class: "pager", "aria-label": "Pages" }, first, next);
}
