/**
 * The options of sockets for connect(2).
 *
 * @module
 */

/** The options of all sockets. */
export interface ConnectSocketOptions {
  /** The address to connect from; the kernel's choice if not given. */
  readonly sourceIp: string | undefined;
  /** The port to connect from; the kernel's choice if not given. */
  readonly sourcePort: number | undefined;
  /** The interface to connect by; the kernel's choice if not given. */
  readonly interfaceName: string | undefined;
  /** Time to live of what is sent, 1-255; the system's if not given. */
  readonly ttl: number | undefined;
  /** True for sockets of UDP, whose connection is only an address that the kernel keeps. */
  readonly isUdp?: boolean;
}
