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

/** The client's end of a TLS connection. */
export interface TLSSocket {
  readonly alpnProtocol: string | false | null | undefined;
  getProtocol(): string | null;
  getCipher(): { readonly standardName?: string } | undefined;
  /** The certificate, whose bytes are missing if the server has sent none. */
  getPeerCertificate(): { readonly raw?: Uint8Array } | undefined;
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
