/** How {@linkcode getAvailablePort} chooses. */
export interface GetAvailablePortOptions {
  /** The port to return if it is free. */
  preferredPort?: number;
}

/** Returns a TCP port on which nobody listens at the moment. */
export function getAvailablePort(options: GetAvailablePortOptions = {}): number {
  const { preferredPort } = options;
  if (preferredPort) {
    try {
      return portOf(preferredPort);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  return portOf(0);
}

function portOf(port: number): number {
  using listener = Deno.listen({ port });
  return listener.addr.port;
}
