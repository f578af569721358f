import { chip, h, hrefOf } from "../dom.js";
import { ask } from "../fetch.js";
import { count } from "../format.js";
import { pager, table } from "../table.js";

export const projects = {
  title: () => "Projects",
  hasFilter: true,
  load: ({ q, token }) => ask("console/projects", { q, token }),
  summary: ({ total }) => count(total, "project"),
  render: ({ items, nextPageToken }, where) => [
    table({
      caption: "Projects",
      empty: "No projects. Deploy a staging stack, or create one through Resource Manager.",
      rows: items,
      columns: [
        {
          name: "Project",
          cell: ({ projectId, name }) => [projectId, name === projectId ? "" : [" ", h("small", {}, name)]],
        },
        { name: "Number", kind: "number", cell: ({ projectNumber }) => projectNumber },
        { name: "State", cell: ({ state }) => (state === "ACTIVE" ? chip("active", "good") : chip("deleted", "bad")) },
        { name: "In", kind: "fixed", cell: ({ parent }) => parent },
        { name: "Buckets", cell: ({ buckets }) => buckets.map((bucket) => h("div", {}, bucketLink(bucket))) },
        { name: "Services", cell: ({ services }) => serviceList(services) },
        {
          name: "Labels",
          cell: ({ labels }) => Object.entries(labels).map(([key, value]) => chip(`${key}: ${value}`)),
        },
        {
          name: "Access",
          cell: ({ projectId }) => h("a", { href: hrefOf("iam", { q: `projects/${projectId}` }) }, "IAM"),
        },
      ],
    }),
    pager(where, nextPageToken),
  ],
};

export function bucketLink(bucket) {
  return h("a", { href: hrefOf("objects", { bucket }) }, bucket);
}

function serviceList(services) {
  const names = services.map((service) => service.replace(/\.googleapis\.com$/, ""));
  return h("details", {}, h("summary", {}, String(names.length)), names.join(", "));
}
