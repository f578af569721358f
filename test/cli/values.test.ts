import { count, formatBytes, formatSeconds, printable } from "../../lib/cli/format";
import { byteNumber, positiveNumber, secondsNumber } from "../../lib/cli/numbers";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [150 * 1024 * 1024, "150 MiB"],
  [8 * 1024 ** 3, "8.0 GiB"],
])("%d bytes are written as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [42, "42 s"],
  [200, "3 min 20 s"],
  [7500, "2 h 5 min"],
])("%d seconds are written as %s", (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test("a count says one thing and many things", () => {
  expect([count(1, "file"), count(1234, "file")]).toEqual(["1 file", "1,234 files"]);
});

test("what a terminal would obey is shown instead", () => {
  expect(printable("a\u001b[2Jb\u202ec\r\nd")).toBe("a\\u001b[2Jb\\u202ec\\u000d\nd");
});

test.each([
  [byteNumber, "64MiB", 64 * 1024 * 1024],
  [byteNumber, "1g", 1024 ** 3],
  [byteNumber, "1000", 1000],
  [secondsNumber, "90", 90],
  [secondsNumber, "1h30m", 5400],
  [positiveNumber, "32", 32],
])("%p reads %j as %d", (read, text, value) => {
  expect(read("--flag", text)).toBe(value);
  expect(read("--flag", undefined)).toBeUndefined();
});

test.each([
  [byteNumber, "64 apples"],
  [byteNumber, "-1"],
  [secondsNumber, "90x"],
  [secondsNumber, "577h"],
  [secondsNumber, ""],
  [positiveNumber, "0"],
  [positiveNumber, "1.5"],
])("%p refuses %j", (read, text) => {
  expect(() => read("--flag", text)).toThrow("--flag");
});
