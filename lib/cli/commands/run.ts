import type { Command } from "commander";
import { define as definePromote } from "./promote";

/** `artifacts run files …` is `artifacts promote …`: a job that called kpromo changes one word. */
export function define(command: Command): void {
  definePromote(command.command("files").description("kpromo's name of artifacts promote").exitOverride());
}
