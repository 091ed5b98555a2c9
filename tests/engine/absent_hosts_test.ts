import { assertEquals } from "@std/assert";
import { GLOBAL } from "../../src/engine/host_table.ts";
import {
  FOR_CONTROL_PORT,
  FOR_LIVENESS,
  FOR_NEAR,
  FOR_PATH_LIVENESS,
  FOR_RESULT,
} from "../../src/engine/probe_table.ts";
import { reasonCode } from "../../src/result/reasons.ts";
import { HOST, testState } from "./engine_parts.ts";

const ROUTER = HOST + 1;

Deno.test("absent hosts: a host with one port that has replied is not reported by later probes to it", () => {
  const shows = (purpose: number) => {
    const { state } = testState({ ports: 1 });
    const slot = state.sender.enqueue(HOST, 1, purpose);
    return state.absent.isShownBy(slot, GLOBAL, reasonCode("host-unreach"), ROUTER, 5000, 4000);
  };
  assertEquals(shows(FOR_RESULT), true);
  for (const purpose of [FOR_LIVENESS, FOR_PATH_LIVENESS, FOR_CONTROL_PORT, FOR_NEAR]) {
    assertEquals(shows(purpose), false);
  }
});
