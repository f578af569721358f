import { contentType } from "../../lib/promotion/properties";

test.each([
  ["v1.0.0/SHA256SUMS", "text/plain; charset=utf-8"],
  ["v1.0.0/tool.tar.gz.asc", "text/plain; charset=utf-8"],
  ["v1.0.0/notes.md", "text/markdown; charset=utf-8"],
  ["v1.0.0/tool.tar.gz", "application/gzip"],
  ["v1.0.0/chart.tgz", "application/gzip"],
  ["v1.0.0/tool.tar.ZST", "application/zstd"],
  ["v1.0.0/tool.exe", "application/x-msdos-program"],
  ["v1.0.0/linux/amd64/tool", "application/octet-stream"],
  ["v1.0.0/tool.constructor", "application/octet-stream"],
])("%s is published as %s", (name, type) => {
  expect(contentType(name)).toBe(type);
});
