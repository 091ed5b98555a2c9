/**
 * Service detection's result for one port: a plain object that JSON can hold.
 *
 * @module
 */

import { hasShape, isText, isWhole, orMissing } from "../base/shape.ts";

/**
 * Facts of a TLS handshake and of the server's certificate.
 *
 * @example
 * ```ts
 * import type { TlsFacts } from "@synscan/synscan";
 *
 * const tls: TlsFacts = { version: "TLSv1.3", names: ["www.example"] };
 * console.log(tls.names); // ["www.example"]
 * ```
 */
export interface TlsFacts {
  /** The version of the protocol, such as `TLSv1.3`. */
  readonly version?: string;
  /** The cipher suite, by its IANA name. */
  readonly cipher?: string;
  /** The certificate's subject, as `CN=...,O=...`. */
  readonly subject?: string;
  /** The certificate's issuer, in the same form. */
  readonly issuer?: string;
  /** The names for which the certificate is valid. */
  readonly names?: readonly string[];
  /** The begin of the certificate's validity, as a date of ISO 8601. */
  readonly notBefore?: string;
  /** The end of it. */
  readonly expires?: string;
  /** SHA-256 of the certificate, in hexadecimal digits. */
  readonly sha256?: string;
  /** The protocol that was agreed on by ALPN. */
  readonly alpn?: string;
  /** The server's hello: version, cipher suite and extensions in their order. */
  readonly hello?: string;
}

/**
 * Facts of an HTTP reply.
 *
 * @example
 * ```ts
 * import type { HttpFacts } from "@synscan/synscan";
 *
 * const http: HttpFacts = { status: 200, server: "nginx", title: "Welcome" };
 * console.log(http.status); // 200
 * ```
 */
export interface HttpFacts {
  /** The status code. */
  readonly status?: number;
  /** The `Server` header. */
  readonly server?: string;
  /** The title of the page. */
  readonly title?: string;
  /** The `Location` header. */
  readonly location?: string;
}

/**
 * A host key of an SSH server.
 *
 * @example
 * ```ts
 * import type { SshKey } from "@synscan/synscan";
 *
 * const key: SshKey = { type: "ssh-ed25519", bits: 256, fingerprint: "SHA256:..." };
 * console.log(key.type); // ssh-ed25519
 * ```
 */
export interface SshKey {
  /** The key's type, such as `ssh-ed25519`. */
  readonly type: string;
  /** Its length in bits. */
  readonly bits?: number;
  /** Its fingerprint, as OpenSSH writes it: `SHA256:` and base64. */
  readonly fingerprint: string;
}

/**
 * The service of a port, as far as its replies show it.
 *
 * @example
 * ```ts
 * import type { Finding } from "@synscan/synscan";
 *
 * const finding: Finding = { service: "http", confidence: 10, product: "nginx", version: "1.22.1" };
 * console.log(finding.product); // nginx
 * ```
 */
export interface Finding {
  /** The name of the service in nmap's spelling; `unknown` if replies did not show it. */
  readonly service: string;
  /** 10 if the product is known, 8 if the protocol is, 5 if behaviour alone suggests it, 0 if nothing does. */
  readonly confidence: number;
  /** The product, such as `OpenSSH`. */
  readonly product?: string;
  /** The product's version, without the suffix of a distribution. */
  readonly version?: string;
  /** More of the product: the distribution, a protocol's version, a name. */
  readonly info?: string;
  /** The host's own name, as the service reports it. */
  readonly hostname?: string;
  /** The operating system, as the service reports it. */
  readonly os?: string;
  /** The kind of device. */
  readonly device?: string;
  /** Names of the Common Platform Enumeration 2.2, such as `cpe:/a:f5:nginx:1.22.1`. */
  readonly cpe?: readonly string[];
  /** `ssl` if the service was reached through TLS. */
  readonly tunnel?: "ssl";
  /** Facts of the TLS handshake. */
  readonly tls?: TlsFacts;
  /** Facts of the HTTP reply. */
  readonly http?: HttpFacts;
  /** The host keys of SSH. */
  readonly sshKeys?: readonly SshKey[];
  /** The beginning of what the server sent, if it is text: at most 256 characters. */
  readonly banner?: string;
  /** The id of the row that named the product, or of the parser that named the protocol. */
  readonly row?: string;
  /** The reason why no more is known, such as `no-data`; missing if nothing is missing. */
  readonly label?: string;
}

/** Returns true if replies showed which service it is. */
export function isIdentified(finding: Finding | undefined): finding is Finding {
  return finding !== undefined && finding.confidence > 0;
}

/** Returns the service as nmap writes it: `ssl/http` through TLS. */
export function serviceText({ service, tunnel }: Pick<Finding, "service" | "tunnel">): string {
  return tunnel === undefined ? service : `${tunnel}/${service}`;
}

/** Returns product, version and, in brackets, more: `OpenSSH 9.2p1 (Debian 2)`; empty if none is known. */
export function versionText({ product, version, info }: Finding): string {
  const parts = [product, version, info === undefined ? undefined : `(${info})`];
  return parts.filter((part) => part !== undefined).join(" ");
}

const someText = orMissing(isText);
const someTexts = orMissing([isText]);
const TEXTS = ["product", "version", "info", "hostname", "os", "device", "banner", "row", "label"];
const TLS_TEXTS = ["version", "cipher", "subject", "issuer", "notBefore", "expires", "sha256", "alpn", "hello"];

function textsNamed(names: readonly string[]): Record<string, typeof someText> {
  return Object.fromEntries(names.map((name) => [name, someText]));
}

/** Returns true for a value, such as one of a file, that is a finding. */
export function isFinding(value: unknown): value is Finding {
  return hasShape(value, {
    service: isText,
    confidence: (value) => isWhole(value, 10),
    ...textsNamed(TEXTS),
    cpe: someTexts,
    tunnel: (value) => value === undefined || value === "ssl",
    tls: orMissing({ ...textsNamed(TLS_TEXTS), names: someTexts }),
    http: orMissing({ ...textsNamed(["server", "title", "location"]), status: orMissing((value) => isWhole(value)) }),
    sshKeys: orMissing([{ type: isText, fingerprint: isText, bits: orMissing((value) => isWhole(value)) }]),
  });
}
