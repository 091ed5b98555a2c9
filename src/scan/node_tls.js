// @ts-nocheck: a project that checks JavaScript would check this file by its own rules.
// @ts-self-types="./node_tls.d.ts"
/**
 * Node's TLS and streams, with types of our own: those of Node are a package, which a project that imports mod.ts may not have.
 *
 * @module
 */
export { Duplex } from "node:stream";
export { connect } from "node:tls";
