/**
 * The topics of `synscan help TOPIC` and of the manual page. Only names and titles are here: the text of a topic is loaded
 * when it is printed.
 *
 * @module
 */
import type { Block } from "./blocks.ts";

/** One topic. */
interface Topic {
  readonly name: string;
  /** One line, for lists of topics and as a section's title in the manual page. */
  readonly title: string;
  load(): Promise<{ readonly BLOCKS: readonly Block[] }>;
}

/** Every topic, in the order in which help and the manual page list them. */
export const TOPICS: readonly Topic[] = [
  { name: "targets", title: "Targets", load: () => import("./topics/targets.ts") },
  { name: "hosts", title: "Hosts and discovery", load: () => import("./topics/hosts.ts") },
  { name: "ports", title: "Ports", load: () => import("./topics/ports.ts") },
  { name: "technique", title: "Technique and transport", load: () => import("./topics/technique.ts") },
  { name: "services", title: "Services and versions", load: () => import("./topics/services.ts") },
  { name: "timing", title: "Timing and rate", load: () => import("./topics/timing.ts") },
  { name: "reliability", title: "Loss and reliability", load: () => import("./topics/reliability.ts") },
  { name: "states", title: "States and reasons", load: () => import("./topics/states.ts") },
  { name: "output", title: "Output formats", load: () => import("./topics/output.ts") },
  { name: "json", title: "JSON lines", load: () => import("./topics/json.ts") },
  { name: "keys", title: "Keys and signals", load: () => import("./topics/keys.ts") },
  { name: "history", title: "History", load: () => import("./topics/history.ts") },
  { name: "resume", title: "Resuming a scan", load: () => import("./topics/resume.ts") },
  { name: "cluster", title: "Many machines", load: () => import("./topics/cluster.ts") },
  { name: "configuration", title: "Configuration", load: () => import("./topics/configuration.ts") },
  { name: "permissions", title: "Permissions", load: () => import("./topics/permissions.ts") },
  { name: "library", title: "Library", load: () => import("./topics/library.ts") },
  { name: "internals", title: "Internals", load: () => import("./topics/internals.ts") },
  { name: "exit", title: "Exit status", load: () => import("./topics/exit.ts") },
];
