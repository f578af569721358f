import { X509Certificate } from "node:crypto";
import { createIdentity, toPem } from "../../lib/tfplugin/certificate";

describe("the plugin's certificate", () => {
  const now = Date.UTC(2030, 0, 15, 12);
  const { certificate, key } = createIdentity(now);
  const parsed = new X509Certificate(toPem(certificate));

  test("is signed by itself and names localhost", () => {
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkIssued(parsed)).toBe(true);
    expect(parsed.checkHost("localhost")).toBe("localhost");
    expect(parsed.checkHost("example.org")).toBeUndefined();
  });

  test("belongs to its key", () => {
    expect(parsed.checkPrivateKey(key)).toBe(true);
  });

  test("is valid from a minute ago for a day", () => {
    expect(Date.parse(parsed.validFrom)).toBe(now - 60_000);
    expect(Date.parse(parsed.validTo)).toBe(now + 24 * 3_600_000);
  });

  test("has a serial number of its own", () => {
    const other = new X509Certificate(createIdentity(now).certificate);
    expect(other.serialNumber).not.toBe(parsed.serialNumber);
  });
});
