// @ts-nocheck: a project that checks JavaScript would check this file by its own rules.
// @ts-self-types="./node_zlib.d.ts"
/**
 * Node's decompression, with types of our own, for the same reason as those of digests.
 *
 * @module
 */
export { gunzipSync, inflateSync } from "node:zlib";
