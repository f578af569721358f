import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import {
  bitString,
  contextTag,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  utcTime,
  utf8String,
} from "./der";

const COMMON_NAME = "2.5.4.3";
const SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A certificate and the key it was signed with. */
export interface Identity {
  readonly key: KeyObject;
  readonly certificate: Buffer;
}

/**
 * Makes a self-signed certificate for `localhost`, which is how Terraform knows the plugin it started: it trusts this
 * very certificate and no other. Node can check certificates and not make them, hence the few lines of DER.
 */
export function createIdentity(now = Date.now()): Identity {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(objectIdentifier(ECDSA_WITH_SHA256));
  const name = sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String("localhost"))));
  const body = sequence(
    contextTag(0, integer(Buffer.of(2)), "constructed"),
    // The top bit is cleared and the next one set: a positive number that never starts with zeros.
    integer(Buffer.concat([Buffer.of(0x40), randomBytes(15)])),
    algorithm,
    name,
    // Clocks need not agree to the second; plugins live for one command.
    sequence(utcTime(new Date(now - MINUTE)), utcTime(new Date(now + DAY))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    contextTag(3, sequence(alternativeName("localhost")), "constructed"),
  );
  const signature = sign("sha256", body, privateKey);
  return { key: privateKey, certificate: sequence(body, algorithm, bitString(signature)) };
}

function alternativeName(host: string): Buffer {
  const dnsName = contextTag(2, Buffer.from(host, "ascii"), "primitive");
  return sequence(objectIdentifier(SUBJECT_ALTERNATIVE_NAME), octetString(sequence(dnsName)));
}

/** A certificate in the text form that Node's TLS reads. */
export function toPem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
