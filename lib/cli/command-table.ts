import type { Command } from "commander";

/** Adds arguments, options, help examples and the action to an empty command. The action sets `process.exitCode`. */
export type Define = (command: Command) => void;

/** One command of `artifacts`: its module is loaded only when it is asked for, so that the others cost nothing. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;

  /** Left out of the list of commands: a name that other tools have for one of them. */
  readonly isHidden?: boolean;
  readonly load: () => Promise<{ readonly define: Define }>;
}

/** In the order in which `artifacts --help` lists them. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: "validate",
    summary: "check every input file and report all mistakes at once",
    load: () => import("./commands/validate"),
  },
  {
    name: "show",
    summary: "print what a staging project becomes: settings, resources, who may do what",
    load: () => import("./commands/show"),
  },
  {
    name: "check",
    summary: "check a pull request: the inputs, what the change may do, and the bytes of every new line",
    load: () => import("./commands/check"),
  },
  {
    name: "promote",
    summary: "copy what manifests list and destinations lack; a dry run unless confirmed",
    load: () => import("./commands/promote"),
  },
  {
    name: "status",
    summary: "tell what is published, since when, and whether the public gets it",
    load: () => import("./commands/status"),
  },
  {
    name: "manifest",
    summary: "hash a local folder or a staging prefix into a manifest, or hold one against it",
    load: () => import("./commands/manifest"),
  },
  {
    name: "onboard",
    summary: "write a new subproject into the inputs: one change, ready for review",
    load: () => import("./commands/onboard"),
  },
  {
    name: "offboard",
    summary: "declare a retirement, or take a finished one out of the inputs",
    load: () => import("./commands/offboard"),
  },
  {
    name: "adopt",
    summary: "look at what exists of a project, of production or of groups, and write import blocks for it",
    load: () => import("./commands/adopt"),
  },
  {
    name: "stacks",
    summary: "tell which stacks a change touches, resource by resource, without credentials",
    load: () => import("./commands/stacks"),
  },
  {
    name: "groups",
    summary: "print, compare and apply Google Groups, and tell why an address has access",
    load: () => import("./commands/groups"),
  },
  {
    name: "run",
    summary: "artifacts run files: kpromo's name of promote",
    isHidden: true,
    load: () => import("./commands/run"),
  },
];
