/**
 * A local stand-in for the part of `@std/net` that synscan uses.
 *
 * @module
 */

export * from "./get_available_port.ts";
