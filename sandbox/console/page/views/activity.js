import { chip, h } from "../dom.js";
import { ask } from "../fetch.js";
import { bytes, count, time } from "../format.js";
import { table } from "../table.js";

const SHOWN = 200;

export const requests = {
  title: () => "Requests",
  isMoving: true,
  hasFilter: true,
  load: async ({ q = "" }) => {
    const { requests: all, counts } = await ask("requests", { limit: 2000 });
    const words = q.toLowerCase().split(/\s+/);
    const found = all.filter((request) => {
      const text = JSON.stringify(Object.values(request)).toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const total = Object.values(counts).reduce((sum, number) => sum + number, 0);
    return { items: found.reverse().slice(0, SHOWN), total };
  },
  summary: ({ items, total }) => `${count(total, "request")}, the latest ${items.length} shown`,
  render: ({ items }) =>
    table({
      caption: "Recent requests, newest first",
      empty: "No requests yet.",
      rows: items,
      columns: [
        { name: "Time (UTC)", kind: "fixed", cell: (row) => time(row.time) },
        { name: "Method", kind: "fixed", cell: ({ method }) => method },
        {
          name: "Path",
          kind: "code wide",
          cell: ({ path, query }) => [
            decoded(path),
            query === "" ? "" : h("div", { class: "quiet" }, decoded(query.replaceAll("&", " "))),
          ],
        },
        { name: "Caller", kind: "name", cell: ({ principal }) => principal ?? h("em", {}, "anonymous") },
        { name: "Sent", kind: "number", cell: ({ requestBytes }) => (requestBytes === 0 ? "" : bytes(requestBytes)) },
        {
          name: "Status",
          kind: "number",
          cell: ({ status, fault }) => [statusChip(status), fault === undefined ? "" : chip("fault", "bad")],
        },
        { name: "ms", kind: "number", cell: ({ milliseconds }) => milliseconds },
      ],
    }),
};

function statusChip(status) {
  if (status === 0) return chip("cut", "bad");
  return chip(String(status), status < 400 ? "good" : status < 500 ? "warn" : "bad");
}

/** Percent-encoding is for machines; text that isn't UTF-8 stays encoded. */
function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export const faults = {
  title: () => "Faults",
  isMoving: true,
  load: async () => {
    const [{ faults: list }, behaviour] = await Promise.all([ask("faults"), ask("behaviour")]);
    return { list, behaviour };
  },
  summary: ({ list }) => count(list.length, "fault"),
  render: ({ list, behaviour }) => [
    table({
      caption: "Faults on demand",
      empty: "No faults: every request is answered as Google would.",
      rows: list,
      columns: [
        { name: "Fault", cell: ({ id }) => id },
        {
          name: "Strikes",
          kind: "code",
          cell: ({ match }) => (match === undefined ? "every request" : JSON.stringify(match)),
        },
        { name: "Does", kind: "code", cell: ({ action }) => JSON.stringify(action) },
        { name: "How often", cell: ({ times, every, skip }) => JSON.stringify({ times, every, skip }) },
        { name: "Matched", kind: "number", cell: ({ matched }) => matched },
        { name: "Struck", kind: "number", cell: ({ struck }) => struck },
        {
          name: "Action",
          cell: ({ id }) => h("button", { type: "button", onclick: () => remove(id) }, `Remove fault ${id}`),
        },
      ],
    }),
    h("h2", {}, "Behaviour"),
    h(
      "dl",
      { class: "panel" },
      Object.entries(behaviour).map(([key, value]) => [h("dt", {}, key), h("dd", {}, JSON.stringify(value))]),
    ),
  ],
};

async function remove(id) {
  await fetch(`/sandbox/v1/faults/${encodeURIComponent(id)}`, { method: "DELETE" });
}
