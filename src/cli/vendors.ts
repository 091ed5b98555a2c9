/**
 * The list of vendors by hardware address, which is read once a host has an address with a vendor.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { quote } from "../base/quote.ts";
import type { VendorList } from "../report/vendors.ts";
import { hasVendor, hostResults } from "../result/host_result.ts";
import type { ResultList } from "../result/port_result.ts";
import type { CommandLine } from "./args/command_line.ts";
import { readText } from "./inputs.ts";
import type { System } from "./system.ts";

/** The list of Debian's package ieee-data. */
const USUAL_LIST = "/usr/share/ieee-data/oui.txt";

/** Names of vendors. */
export class Vendors {
  readonly #system: System;
  /** The code that reads lists. */
  #lists: typeof import("../report/vendors.ts") | undefined;
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
    if (vendorsFile === undefined && !this.#mayReadUsual()) return;
    // Before privileges are dropped: the user that is left cannot write Deno's cache, which tries that for 150 ms.
    const { VendorList } = this.#lists = await import("../report/vendors.ts");
    if (vendorsFile === undefined) return;
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
    if (this.#reading === undefined && hostResults(batch).some(({ mac }) => mac !== undefined && hasVendor(mac))) {
      this.#reading = this.#readUsual();
    }
    await this.#reading;
  }

  /** Returns the vendor of a hardware address, as far as it is known. */
  of(mac: number): string | undefined {
    return this.#list?.of(mac);
  }

  #mayReadUsual(): boolean {
    return this.#system.isAllowed({ name: "read", path: USUAL_LIST });
  }

  async #readUsual(): Promise<void> {
    if (this.#lists === undefined) return;
    // Where the list is not installed there are no names.
    this.#list = await this.#system.readFile(USUAL_LIST).then(this.#lists.VendorList.in, () => undefined);
  }
}
