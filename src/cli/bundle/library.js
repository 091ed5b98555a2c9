// @ts-self-types="./library.d.ts"
// The sources in place of a bundle; `deno task bundle` makes one.
export * from "../../base/errors.ts";
export * from "../../result/host_result.ts";
export * from "../../result/port_result.ts";
export * from "../../scan/scan.ts";
