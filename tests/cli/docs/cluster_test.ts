/** The job files of `synscan help cluster`. */
import { assert, assertEquals } from "@std/assert";
import { KUBERNETES_JOB, SLURM_JOB } from "../../../src/cli/docs/topics/cluster.ts";
import { runMain } from "../fake.ts";

async function output(program: string, args: readonly string[], input: string): Promise<string> {
  const child = new Deno.Command(program, { args: [...args], stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("cluster: both job files are short, and are shown as they are", async () => {
  const { stdout } = (await runMain("help cluster")).world;
  for (const file of [SLURM_JOB, KUBERNETES_JOB]) {
    assert(file.length < 25, `${file.length} lines`);
    assert(stdout.includes(file.map((line) => `    ${line}\n`).join("")), stdout);
  }
});

Deno.test("cluster: the Slurm job is a script of bash, and its command line is a scan of one shard", async () => {
  await output("bash", ["-n"], `${SLURM_JOB.join("\n")}\n`);
  const args = SLURM_JOB.at(-1)!.split(" ").slice(2);
  const env = {
    SLURM_ARRAY_TASK_ID: "7",
    SLURM_ARRAY_TASK_MIN: "0",
    SLURM_ARRAY_TASK_MAX: "7",
    SLURM_ARRAY_TASK_STEP: "1",
  };
  const { status, world, scanner } = await runMain(args, {}, { env, files: { "targets.txt": "192.0.2.0/24" } });
  assertEquals([status, world.stderr, scanner.asked[0]?.shard], [0, "", { index: 8, count: 8 }]);
  assertEquals([...world.written.keys()], ["found-8.json"]);
});

Deno.test("cluster: the Kubernetes job is YAML, and each of its indices a scan of one shard", async () => {
  const parse = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)";
  const hasYaml =
    new Deno.Command("/usr/bin/python3", { args: ["-c", "import yaml"], stderr: "null" }).outputSync().success;
  if (!hasYaml) return console.log("cluster_test: YAML is not read, for that takes Python's yaml (python3-yaml)");
  const { spec } = JSON.parse(await output("/usr/bin/python3", ["-c", parse], `${KUBERNETES_JOB.join("\n")}\n`));
  const [{ args, env }] = spec.template.spec.containers;
  assertEquals([spec.completionMode, `${spec.completions}`], ["Indexed", env[0].value]);
  for (const index of [0, 7]) {
    const variables = { JOB_COMPLETION_INDEX: `${index}`, [env[0].name]: env[0].value };
    const { status, world, scanner } = await runMain(args, {}, { env: variables });
    assertEquals([status, scanner.asked[0]?.shard], [0, { index: index + 1, count: 8 }], world.stderr);
    assertEquals([...world.written.keys()], [`/out/found-${index + 1}.json`]);
  }
});
