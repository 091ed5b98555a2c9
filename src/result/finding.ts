/**
 * Service detection's result for one port: a plain object that JSON can hold.
 *
 * @module
 */

/** Facts of a TLS handshake and of the server's certificate. */
export interface TlsFacts {
  /** The version of the protocol, such as `TLSv1.3`. */
  readonly version?: string;
  /** The cipher suite, by its IANA name. */
  readonly cipher?: string;
  /** The certificate's subject and issuer, as `CN=...,O=...`. */
  readonly subject?: string;
  readonly issuer?: string;
  /** The names for which the certificate is valid. */
  readonly names?: readonly string[];
  /** The certificate's validity, as dates of ISO 8601. */
  readonly notBefore?: string;
  readonly expires?: string;
  /** SHA-256 of the certificate, in hexadecimal digits. */
  readonly sha256?: string;
  /** The protocol that was agreed on by ALPN. */
  readonly alpn?: string;
  /** The server's hello: version, cipher suite and extensions in their order. */
  readonly hello?: string;
}

/** Facts of an HTTP reply. */
export interface HttpFacts {
  readonly status?: number;
  readonly server?: string;
  readonly title?: string;
  readonly location?: string;
}

/** A host key of an SSH server. */
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
  readonly product?: string;
  /** The product's version, without the suffix of a distribution. */
  readonly version?: string;
  /** More of the product: the distribution, a protocol's version, a name. */
  readonly info?: string;
  /** The host's own name, as the service reports it. */
  readonly hostname?: string;
  /** The operating system, and the kind of device. */
  readonly os?: string;
  readonly device?: string;
  /** Names of the Common Platform Enumeration 2.2, such as `cpe:/a:f5:nginx:1.22.1`. */
  readonly cpe?: readonly string[];
  /** `ssl` if the service was reached through TLS. */
  readonly tunnel?: "ssl";
  readonly tls?: TlsFacts;
  readonly http?: HttpFacts;
  readonly sshKeys?: readonly SshKey[];
  /** The beginning of what the server sent, if it is text: at most 256 characters. */
  readonly banner?: string;
  /** The id of the row that named the product, or of the parser that named the protocol. */
  readonly row?: string;
  /** The reason why no more is known, such as `no-data`; missing if nothing is missing. */
  readonly label?: string;
}
