import type { HeatCell } from "../../../analysis/latency-heat.ts";
import { heatWords } from "./heat.tsx";
import { roleWords, type Role } from "../role-words.ts";

const roles: readonly Role[] = ["leader", "follower", "no-leader", "stale-leader", "unseen"];

/** What the drawing's fills and signs mean, in words. */
export function Legend({ evidence, heat }: { evidence: boolean; heat: readonly HeatCell[] }) {
  return (
    <ul class="legend" aria-label="Legend of the timeline">
      <Key name="fault requested" words="fault requested, not yet proven" />
      <Key name="fault effective" words="fault in effect" />
      <Key name="fault healing" words="being healed" />
      <Key name="target" words="member is the target of a fault" thin />
      {roles.map((role) => (
        <Key
          name={`role ${role}`}
          words={`${roleWords[role].glyph} ${roleWords[role].word}`}
          {...(role === "no-leader" || role === "stale-leader" ? { pattern: role } : {})}
        />
      ))}
      <Key name="available" words="writes acknowledged" />
      <Key name="outage" words="✗ no write acknowledged" />
      <Key name="unasked" words="no attempts" pattern="unasked" />
      <Key name="ops ok" words="ok" />
      <Key name="ops info" words="unknown" pattern="ops-info" />
      <Key name="ops fail" words="failed" pattern="ops-fail" />
      {heat.length === 0 ? null : (
        <li>
          ok operations in a cell of the latency lane:
          {heatWords(heat).map(({ level, words }) => (
            <span class="shade-key">
              <svg width="18" height="12" aria-hidden="true">
                <rect x="0.5" y="0.5" width="17" height="11" class={`heat h${level}`} />
              </svg>{" "}
              {words}
            </span>
          ))}
        </li>
      )}
      {evidence ? (
        <li>
          <span class="sign">#1</span> evidence of assertion 1
        </li>
      ) : null}
    </ul>
  );
}

function Key({ name, words, pattern, thin = false }: { name: string; words: string; pattern?: string; thin?: boolean }) {
  return (
    <li>
      <svg width="18" height="12" aria-hidden="true">
        <rect x="0.5" y={thin ? 8.5 : 0.5} width="17" height={thin ? 3 : 11} class={name} />
        {pattern === undefined ? null : <rect x="0.5" y="0.5" width="17" height="11" fill={`url(#${pattern})`} />}
      </svg>
      {words}
    </li>
  );
}
