import { expect } from "chai";
import { ledStretches } from "../../assertions/led.ts";
import { recording } from "../recordings/builder.ts";

const window = (startMs: number, endMs: number, complete = true) => ({ name: "w", startMs, endMs, complete });

describe("who led", () => {
  const run = recording()
    .statuses(1_000, 3_000, { leader: "etcd-1", term: 2 })
    .statuses(3_000, 5_000, { leader: "etcd-1", term: 3 })
    .statuses(5_000, 6_000, { leader: null, term: 3 })
    .statuses(6_000, 9_000, { leader: "etcd-2", term: 4 })
    .build();
  const led = (...of: Parameters<typeof window>) => ledStretches(run, window(...of)).map(({ leader, window: { startMs, endMs, complete } }) => [leader, startMs, endMs, complete]);

  it("is one member for several terms, and to the next leader where nobody leads between them", () => {
    expect(led(0, 10_000)).to.deep.equal([["etcd-1", 1_000, 6_000, true], ["etcd-2", 6_000, 10_000, true]]);
  });

  it("lies in the window, whose end alone may be cut short", () => {
    expect(led(2_000, 4_000)).to.deep.equal([["etcd-1", 2_000, 4_000, true]]);
    expect(led(2_000, 7_000, false)).to.deep.equal([["etcd-1", 2_000, 6_000, true], ["etcd-2", 6_000, 7_000, false]]);
    expect(led(2_000, 6_000, false)).to.deep.equal([["etcd-1", 2_000, 6_000, false]]);
  });

  it("is nobody before the first leader", () => {
    expect(led(0, 1_000)).to.deep.equal([]);
  });
});
