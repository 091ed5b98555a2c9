/**
 * Help topic: scanning by many machines.
 *
 * @module
 */
import type { Block } from "../blocks.ts";

/** A job file for Slurm. */
export const SLURM_JOB: readonly string[] = [
  "#!/bin/bash",
  "#SBATCH --job-name=synscan",
  "#SBATCH --array=0-7",
  "#SBATCH --cpus-per-task=2",
  "#SBATCH --requeue",
  "#SBATCH --output=synscan-%a.log",
  "exec synscan --shard auto --seed 7 -q -oJ found-%i.json -iL targets.txt",
];

/** A job file for Kubernetes. */
export const KUBERNETES_JOB: readonly string[] = [
  "apiVersion: batch/v1",
  "kind: Job",
  "metadata: {name: synscan}",
  "spec:",
  "  completions: 8",
  "  parallelism: 8",
  "  completionMode: Indexed",
  "  backoffLimit: 16",
  "  template:",
  "    spec:",
  "      restartPolicy: OnFailure",
  "      containers:",
  "        - name: synscan",
  "          image: synscan",
  '          args: [--shard, auto, --seed, "7", -q, -oJ, /out/found-%i.json, 192.0.2.0/24]',
  '          env: [{name: SYNSCAN_SHARDS, value: "8"}]',
  "          securityContext: {capabilities: {add: [NET_RAW]}}",
  "          volumeMounts: [{name: out, mountPath: /out}]",
  "      volumes:",
  "        - name: out",
  "          persistentVolumeClaim: {claimName: synscan}",
];

/** The topic's text. */
export const BLOCKS: readonly Block[] = [
  "Each of several machines scans one shard: --shard I/N with the same targets, ports, options and --seed everywhere. Where hosts are " +
  "discovered first, a host with all its ports is in one shard; otherwise the ports of a host are divided too. Each probe is in " +
  "exactly one shard. --max-rate holds for each machine.",
  "--shard auto takes I and N from the environment of a job, which needs --allow-env: from a Slurm array with any first index and " +
  "step, or from the index of a Kubernetes Indexed Job or the sequence number of GNU parallel; these two need the number of shards in " +
  "SYNSCAN_SHARDS. %i in the names of reports is the number of the shard.",
  { heading: "Slurm: sbatch scan.sh" },
  { code: SLURM_JOB },
  { heading: "Kubernetes: kubectl apply -f scan.yaml" },
  { code: KUBERNETES_JOB },
  { heading: "GNU parallel" },
  {
    code: ["SYNSCAN_SHARDS=8 parallel -n0 synscan --shard auto --seed 7 -q -oJ found-%i.json 192.0.2.0/24 ::: {1..8}"],
  },
  { heading: "Afterwards" },
  { code: ["synscan merge found-*.json -oX found.xml --db history.db"] },
  "synscan merge checks that the files are shards of one scan, each once and whole, and names those that are missing, each with its " +
  "command. To scan one shard again, use that command or --shard I/N: an array of one task is a scan of its own. A task that was killed " +
  "leaves a file without a summary, which is refused; scan its shard again, or with --checkpoint, resume it. merge also takes the " +
  "checkpoint of a shard that is not finished.",
];
