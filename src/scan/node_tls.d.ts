/** A stream whose two ends are functions. */
export class Duplex {
  constructor(options: {
    readonly read: () => void;
    readonly write: (bytes: Uint8Array, encoding: string, done: () => void) => void;
  });
  push(bytes: Uint8Array | null): boolean;
  on(event: "error" | "close", listener: () => void): this;
  destroy(): void;
}

/** A certificate, as far as it is read here. */
export interface PeerCertificate {
  readonly raw?: Uint8Array;
  readonly subject?: unknown;
  readonly issuer?: unknown;
  readonly subjectaltname?: string;
  readonly valid_from?: string;
  readonly valid_to?: string;
  readonly fingerprint256?: string;
}

/** The client's end of a TLS connection. */
export interface TLSSocket {
  readonly alpnProtocol: string | false | null | undefined;
  getProtocol(): string | null;
  getCipher(): { readonly standardName?: string } | undefined;
  getPeerCertificate(): PeerCertificate | undefined;
  on(event: "data", listener: (bytes: Uint8Array) => void): this;
  on(event: "secureConnect" | "error" | "end" | "close", listener: () => void): this;
  write(bytes: Uint8Array): boolean;
  destroy(): void;
}

/** Begins a TLS handshake over a stream. */
export function connect(options: {
  readonly socket: Duplex;
  readonly rejectUnauthorized: boolean;
  readonly ALPNProtocols?: string[];
  readonly servername?: string;
}): TLSSocket;
