import { h, hrefOf } from "../dom.js";
import { ask } from "../fetch.js";
import { count } from "../format.js";
import { pager, table } from "../table.js";

export const iam = {
  title: () => "IAM",
  hasFilter: true,
  load: ({ q, token }) => ask("console/iam", { q, token }),
  summary: ({ total }) => count(total, "grant"),
  render: ({ items, nextPageToken }, where) => [
    table({
      caption: "Who has which role where",
      empty: "No grants.",
      rows: items,
      columns: [
        { name: "Resource", cell: ({ resource }) => resource },
        { name: "Role", cell: ({ role }) => role },
        { name: "Member", cell: ({ member }) => memberCell(member) },
        { name: "Condition", cell: ({ condition }) => condition },
      ],
    }),
    pager(where, nextPageToken),
  ],
};

function memberCell(member) {
  if (!member.startsWith("group:")) return member === "allUsers" ? h("strong", {}, member) : member;
  const email = member.slice("group:".length);
  return ["group:", h("a", { href: hrefOf("group", { email }) }, email)];
}
