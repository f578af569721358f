import { chip, h, hrefOf } from "../dom.js";
import { ask } from "../fetch.js";
import { bytes, count, days, time } from "../format.js";
import { pager, table } from "../table.js";
import { bucketLink } from "./projects.js";

export const buckets = {
  title: () => "Buckets",
  hasFilter: true,
  load: ({ q, token }) => ask("console/buckets", { q, token }),
  summary: ({ total }) => count(total, "bucket"),
  render: ({ items, nextPageToken }, where) => [
    table({
      caption: "Buckets",
      empty: "No buckets.",
      rows: items,
      columns: [
        { name: "Bucket", cell: ({ name }) => bucketLink(name) },
        { name: "Project", cell: ({ project }) => project },
        { name: "Location", cell: ({ location }) => location },
        { name: "Objects", kind: "number", cell: ({ objects }) => objects.toLocaleString("en") },
        { name: "Size", kind: "number", cell: (bucket) => bytes(bucket.bytes) },
        { name: "Readers", cell: ({ isPublic }) => (isPublic ? chip("public", "warn") : chip("private")) },
        { name: "Kept", cell: ({ deletedAfterDays, retentionSeconds }) => keeping(deletedAfterDays, retentionSeconds) },
        { name: "Access", cell: ({ name }) => h("a", { href: hrefOf("iam", { q: `buckets/${name}` }) }, "IAM") },
      ],
    }),
    pager(where, nextPageToken),
  ],
};

function keeping(deletedAfterDays, retentionSeconds) {
  return [
    retentionSeconds === undefined ? "" : h("div", {}, `at least ${days(retentionSeconds)}`),
    deletedAfterDays === undefined ? "" : h("div", {}, `deleted after ${count(deletedAfterDays, "day")}`),
  ];
}

export const objects = {
  title: ({ bucket }) => bucket,
  parent: "buckets",
  load: ({ bucket, prefix, token }) => ask("console/objects", { bucket, prefix, token }),
  summary: (data) => `${count(data.objects, "object")}, ${bytes(data.bytes)}${data.isPublic ? ", public" : ""}`,
  render: (data, where) => [
    where.parameters.prefix === undefined ? undefined : crumbs(where.parameters),
    table({
      caption: `Objects of ${where.parameters.bucket}`,
      empty: "No objects here.",
      rows: [...data.folders.map((folder) => ({ folder })), ...data.items],
      columns: [
        { name: "Name", cell: (row) => nameCell(row, where.parameters) },
        { name: "Size", kind: "number", cell: ({ size }) => (size === undefined ? "" : bytes(size)) },
        { name: "Type", cell: ({ contentType }) => contentType },
        { name: "Updated (UTC)", kind: "fixed", cell: ({ updated }) => (updated === undefined ? "" : time(updated)) },
        { name: "Details", cell: (row) => (row.folder === undefined ? details(row) : "") },
      ],
    }),
    pager(where, data.nextPageToken),
    h("h2", {}, "Access to the bucket"),
    table({
      caption: "Roles on the bucket",
      empty: "Nobody has a role on the bucket itself.",
      rows: data.bindings,
      columns: [
        {
          name: "Role",
          cell: ({ role, condition }) => [role, condition ? [" ", chip(condition.title ?? "condition")] : ""],
        },
        { name: "Members", cell: ({ members }) => members.map((member) => h("div", {}, member)) },
      ],
    }),
  ],
};

function crumbs({ bucket, prefix }) {
  const parts = prefix.split("/").slice(0, -1);
  const links = parts.map((part, index) => {
    const href = hrefOf("objects", { bucket, prefix: `${parts.slice(0, index + 1).join("/")}/` });
    return [
      " / ",
      h("a", { href, "aria-current": index === parts.length - 1 ? "location" : undefined }, part || "(empty)"),
    ];
  });
  return h("nav", { class: "crumbs", "aria-label": "Folder" }, bucketLink(bucket), links);
}

function nameCell({ folder, name, url }, { bucket, prefix = "" }) {
  if (folder !== undefined) {
    return h("a", { href: hrefOf("objects", { bucket, prefix: folder }) }, folder.slice(prefix.length));
  }
  const shown = name.slice(prefix.length) || name;
  return url === undefined ? shown : h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, shown);
}

function details({ generation, md5Hash, cacheControl, metadata, url }) {
  const pairs = { generation, md5: md5Hash, "cache-control": cacheControl, url, ...metadata };
  const stated = Object.entries(pairs).filter(([, value]) => value !== undefined);
  return h(
    "details",
    {},
    h(
      "summary",
      {},
      Object.keys(metadata).length === 0
        ? "show"
        : count(Object.keys(metadata).length, "metadata entry", "metadata entries"),
    ),
    h(
      "dl",
      { class: "code" },
      stated.map(([key, value]) => [h("dt", {}, key), h("dd", {}, value)]),
    ),
  );
}
