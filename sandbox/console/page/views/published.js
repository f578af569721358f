import { h } from "../dom.js";
import { ask } from "../fetch.js";
import { bytes, count, time } from "../format.js";
import { pager, table } from "../table.js";
import { bucketLink } from "./projects.js";

export const published = {
  title: () => "Published",
  hasFilter: true,
  load: ({ q, token }) => ask("console/published", { q, token }),
  summary: ({ total }) => `${count(total, "file")} with a recorded hash, readable by everybody`,
  render: ({ items, nextPageToken }, where) => [
    table({
      caption: "Published files",
      empty: "Nothing is published yet. Promote a manifest.",
      rows: items,
      columns: [
        {
          name: "File",
          cell: ({ name, url }) => h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, name),
        },
        { name: "Bucket", cell: ({ bucket }) => bucketLink(bucket) },
        { name: "Size", kind: "number", cell: ({ size }) => bytes(size) },
        {
          name: "SHA-256",
          cell: ({ metadata }) => h("code", { title: metadata.sha256 }, `${metadata.sha256.slice(0, 16)}…`),
        },
        { name: "Manifest", cell: ({ metadata }) => metadata.manifest },
        { name: "Published (UTC)", kind: "fixed", cell: ({ updated }) => time(updated) },
      ],
    }),
    pager(where, nextPageToken),
  ],
};
