/**
 * The list of vendors by hardware address, which is read once a host has an address with a vendor.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { VendorList } from "../report/vendors.ts";
import { hostResults } from "../result/host_result.ts";
import type { ResultList } from "../result/port_result.ts";
import type { CommandLine } from "./args/command_line.ts";
import { readText } from "./inputs.ts";
import type { System } from "./system.ts";

/** The list of Debian's package ieee-data. */
const USUAL_LIST = "/usr/share/ieee-data/oui.txt";

/** Names of vendors. */
export class Vendors {
  readonly #system: System;
  #list: VendorList | undefined;
  #reading: Promise<void> | undefined;

  constructor(system: System) {
    this.#system = system;
  }

  /**
   * Reads the list that the user names.
   *
   * @throws {UsageError} If it is no such list.
   * @throws {CannotScanError} If it may not be read.
   */
  async open({ vendorsFile }: Pick<CommandLine, "vendorsFile">): Promise<void> {
    if (vendorsFile === undefined) return;
    const { VendorList } = await import("../report/vendors.ts");
    this.#list = VendorList.in(await readText(vendorsFile, "--mac-vendors", this.#system));
    if (this.#list === undefined) {
      throw new UsageError(
        `Cannot use ${
          quote(vendorsFile)
        } for --mac-vendors: it is no list of the IEEE. Name a file such as ${USUAL_LIST}`,
      );
    }
    this.#reading = Promise.resolve();
  }

  /** Begins to read the usual list, if a batch of hosts has an address with a vendor, and Deno permits that without a question. */
  async meet(batch: ResultList): Promise<void> {
    const macs = this.#reading === undefined ? hostResults(batch).flatMap(({ mac }) => mac ?? []) : [];
    if (macs.length > 0) {
      const { hasVendor, VendorList } = await import("../report/vendors.ts");
      if (macs.some(hasVendor)) this.#reading ??= this.#readUsual(VendorList);
    }
    await this.#reading;
  }

  /** Returns the vendor of a hardware address, as far as it is known. */
  of(mac: number): string | undefined {
    return this.#list?.of(mac);
  }

  async #readUsual(list: typeof VendorList): Promise<void> {
    if (!this.#system.isAllowed({ name: "read", path: USUAL_LIST })) return;
    // Where the list is not installed there are no names.
    this.#list = await this.#system.readFile(USUAL_LIST).then(list.in, () => undefined);
  }
}
