import { type Command, Option } from "commander";
import { cacheFolder } from "../promotion/cache-folder";
import type { PromotionOptions } from "../promotion/types";
import { byteNumber, positiveNumber, secondsNumber } from "./numbers";

/** Flags that say how hard the engine may work; commander leaves them as text. */
export interface EngineFlags {
  readonly maxRequests?: string;
  readonly maxBytesInFlight?: string;
  readonly deadline?: string;
  readonly cache?: boolean;
}

export function addEngineOptions(command: Command): void {
  command
    .addOption(new Option("--max-requests <number>", "requests under way at once (default: 32)"))
    .addOption(
      new Option("--max-bytes-in-flight <bytes>", "bytes received and not yet hashed or sent on (default: 64MiB)"),
    )
    .addOption(new Option("--deadline <time>", "stop after this time, e.g. 90s, 30m, 2h (default: none)"))
    .addOption(new Option("--no-cache", "hash everything again, whatever was hashed before"));
}

export type EngineSettings = Pick<
  PromotionOptions,
  "maxRequests" | "maxBytesInFlight" | "deadlineSeconds" | "cacheDir"
>;

export function engineSettings(flags: EngineFlags): EngineSettings {
  return {
    maxRequests: positiveNumber("--max-requests", flags.maxRequests),
    maxBytesInFlight: byteNumber("--max-bytes-in-flight", flags.maxBytesInFlight),
    deadlineSeconds: secondsNumber("--deadline", flags.deadline),
    cacheDir: flags.cache === false ? undefined : cacheFolder(),
  };
}
