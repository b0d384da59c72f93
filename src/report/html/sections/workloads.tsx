import { formatDuration } from "../../../units/duration.ts";
import { count, percent } from "../../text.ts";
import type { ReportView } from "../view.ts";
import type { WorkloadFigures } from "../workload-figures.ts";
import { NumberHeads, Table } from "./parts.tsx";

/** The figures of workloads that were side by side, over the run and by phase; nothing where there was only one. */
export function WorkloadTable({ view: { workloads } }: { view: ReportView }) {
  return workloads.length === 0 ? null : (
    <>
      <h3>Operations by workload</h3>
      <Table label="Operations by workload">
        <thead>
          <tr>
            <th scope="col">Workload</th>
            <th scope="col">Phase</th>
            <NumberHeads heads={["Attempted", "Ok", "Failed", "Unknown", "Ok share", "p50", "p99"]} />
          </tr>
        </thead>
        {workloads.map((workload) => (
          <WorkloadRows workload={workload} />
        ))}
      </Table>
    </>
  );
}

function WorkloadRows({ workload: { kind, clients, all, phases } }: { workload: WorkloadFigures }) {
  const rows = [{ name: "the run", ...all }, ...phases.map(({ phase, ...figures }) => ({ name: phase.name, ...figures }))];
  return (
    <tbody>
      {rows.map(({ name, ok, fail, info, p50Ms, p99Ms }, index) => (
        <tr>
          {index === 0 ? (
            <th scope="rowgroup" rowSpan={rows.length}>
              {kind}
              <p class="quiet">{`${count(clients)} clients`}</p>
            </th>
          ) : null}
          <td>{name}</td>
          {[ok + fail + info, ok, fail, info].map((many) => (
            <td class="number">{count(many)}</td>
          ))}
          <td class="number">{percent(ok, ok + fail + info)}</td>
          {[p50Ms, p99Ms].map((ms) => (
            <td class="number">{ms === undefined ? "—" : formatDuration(ms)}</td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}
