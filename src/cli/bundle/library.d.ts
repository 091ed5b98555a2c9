/**
 * The modules of the library that mod.ts exports, when it is run as the program: `scopes` in deno.json.
 *
 * @module
 */
export * from "../../base/errors.ts";
export * from "../../result/host_result.ts";
export * from "../../result/port_result.ts";
export * from "../../scan/scan.ts";
