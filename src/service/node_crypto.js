// @ts-nocheck: a project that checks JavaScript would check this file by its own rules.
// @ts-self-types="./node_crypto.d.ts"
/**
 * Node's digests, with types of our own: those of Node are a package, which a project that imports mod.ts may not have.
 *
 * @module
 */
export { createHash } from "node:crypto";
