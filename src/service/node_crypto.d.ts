/** Begins a digest. */
export function createHash(algorithm: "sha256"): {
  update(bytes: Uint8Array): { digest(): Uint8Array; digest(encoding: "hex" | "base64"): string };
};
