import { formatDuration } from "../../../units/duration.ts";
import { count, percent } from "../../text.ts";
import type { ReportView } from "../view.ts";
import { NumberHeads, Table } from "./parts.tsx";

/** The figures of workloads that were side by side; nothing where there was only one. */
export function WorkloadTable({ view: { workloads } }: { view: ReportView }) {
  return workloads.length === 0 ? null : (
    <>
      <h3>Operations by workload</h3>
      <Table label="Operations by workload" compact>
        <thead>
          <tr>
            <th scope="col">Workload</th>
            <NumberHeads heads={["Clients", "Attempted", "Ok", "Failed", "Unknown", "Ok share", "p50", "p99"]} />
          </tr>
        </thead>
        <tbody>
          {workloads.map(({ kind, clients, ok, fail, info, p50Ms, p99Ms }) => (
            <tr>
              <th scope="row">{kind}</th>
              {[clients, ok + fail + info, ok, fail, info].map((many) => (
                <td class="number">{count(many)}</td>
              ))}
              <td class="number">{percent(ok, ok + fail + info)}</td>
              {[p50Ms, p99Ms].map((ms) => (
                <td class="number">{ms === undefined ? "—" : formatDuration(ms)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}
