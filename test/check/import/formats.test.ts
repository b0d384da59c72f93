import { expect } from "chai";
import fc from "fast-check";
import { formatOf, formats, type Format } from "../../../src/check/import/formats.ts";
import { kvOperations } from "../../../src/check/import/operations/kv.ts";
import { mutexOperations } from "../../../src/check/import/operations/mutex.ts";
import { queueOperations } from "../../../src/check/import/operations/queue.ts";
import { casRegisterOperations, registerOperations } from "../../../src/check/import/operations/register.ts";
import { setOperations } from "../../../src/check/import/operations/set.ts";
import { pairEvents, type OperationReader } from "../../../src/check/import/pair.ts";
import type { Call } from "../../../src/check/linearizable/call.ts";
import { HarnessError, messageOf } from "../../../src/errors.ts";

function read<Input, Output>(format: Format, operations: OperationReader<Input, Output>, text: string): Call<Input, Output>[] {
  return pairEvents(formats[format](text, "h"), operations, "h");
}

function errorOf(format: Format, text: string, operations: OperationReader<unknown, unknown> = registerOperations): string {
  try {
    read(format, operations, text);
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    expect(error.code).to.equal("history-invalid");
    return error.message;
  }
  throw new Error("it was read");
}

const edn = (...maps: readonly string[]): string => maps.map((map) => `{${map}}`).join("\n");
const log = (...lines: readonly string[]): string => lines.map((line) => `INFO  jepsen.util - ${line.replaceAll(" ", "\t")}`).join("\n");

describe("Jepsen's EDN", () => {
  it("becomes calls in the order of the file, without the nemesis", () => {
    const calls = read("jepsen-edn", casRegisterOperations, edn(":process 0, :type :invoke, :f :write, :value 3, :time 9", ":process :nemesis :type :info :f :kill :value nil", ":process 1 :type :invoke :f :read :value nil", ":process 0 :type :ok :f :write :value 3", ":process 1 :type :ok :f :read :value 3", ":process 2 :type :invoke :f :cas :value [3 4]", ":process 2 :type :info :f :cas :value [3 4] :error :timeout"));
    expect(calls).to.deep.equal([
      { process: 0, invoke: 1, return: 3, input: { op: "write", value: 3 }, output: null, outcome: "ok", line: 1 },
      { process: 1, invoke: 2, return: 4, input: { op: "read" }, output: 3, outcome: "ok", line: 3 },
      { process: 2, invoke: 5, return: 6, input: { op: "cas", from: 3, to: 4 }, output: undefined, outcome: "info", line: 6 },
    ]);
  });

  it("has keys as the first of two values", () => {
    const [put, get] = read("jepsen-edn", kvOperations, edn(":process 0 :type :invoke :f :write :value [7 3]", ":process 0 :type :ok :f :write :value [7 3]", ":process 0 :type :invoke :f :read :value [7 nil]", ":process 0 :type :ok :f :read :value [7 3]"));
    expect(put?.input).to.deep.equal({ op: "write", value: 3, key: "7" });
    expect(get).to.deep.include({ input: { op: "read", key: "7" }, output: 3 });
  });

  it("counts what fails as not done, and what never ends as perhaps done", () => {
    const calls = read("jepsen-edn", casRegisterOperations, edn(":process 0 :type :invoke :f :cas :value [1 2]", ":process 0 :type :fail :f :cas :value [1 2]", ":process 0 :type :invoke :f :write :value 1"));
    expect(calls.map(({ outcome }) => outcome)).to.deep.equal(["fail", "info"]);
    expect(calls[1]?.return).to.equal(Infinity);
  });

  it("has operations of locks, queues and sets", () => {
    expect(read("jepsen-edn", mutexOperations, edn(":process 0 :type :invoke :f :acquire", ":process 0 :type :ok :f :acquire"))[0]).to.deep.include({ input: { op: "acquire" }, outcome: "ok" });
    expect(read("jepsen-edn", queueOperations, edn(":process 0 :type :invoke :f :dequeue", ":process 0 :type :ok :f :dequeue :value nil"))[0]).to.deep.include({ output: { empty: true } });
    expect(read("jepsen-edn", setOperations, edn(":process 0 :type :invoke :f :read", ":process 0 :type :ok :f :read :value #{1 2}"))[0]).to.deep.include({ output: [1, 2] });
  });

  it("says where it cannot be read", () => {
    expect(errorOf("jepsen-edn", "{:process 0 :type :invoke :f :read}\n  {:process 0 :type :done :f :read}")).to.equal("h:2:3: :type is :done, not one of :invoke, :ok, :fail, :info");
    expect(errorOf("jepsen-edn", "{:type :invoke :f :read}")).to.equal("h:1:1: the operation has no :process");
    expect(errorOf("jepsen-edn", "{:process 0 :type :invoke}")).to.equal("h:1:1: the operation has no :f");
    expect(errorOf("jepsen-edn", "[1 2]")).to.match(/^h:1:2: 1 is not an operation/);
    expect(errorOf("jepsen-edn", edn(":process 0 :type :ok :f :read :value 1"))).to.equal("h:1:1: process 0 ends an operation that it had not begun");
    expect(errorOf("jepsen-edn", edn(":process 0 :type :invoke :f :read", ":process 0 :type :invoke :f :read"))).to.equal("h:2:1: process 0 begins an operation before the one of line 1 has ended");
    expect(errorOf("jepsen-edn", edn(":process 0 :type :invoke :f :read", ":process 0 :type :ok :f :write :value 1"))).to.equal("h:2:1: process 0 ends :write, but had begun :read in line 1");
    expect(errorOf("jepsen-edn", edn(":process 0 :type :invoke :f :cas :value [1 2]"))).to.equal("h:1:1: :cas with this value is no operation of the model");
    expect(errorOf("jepsen-edn", edn(":process 0 :type :invoke :f :read", ":process 0 :type :ok :f :read :value 3"), setOperations)).to.equal("h:2:1: what :read gave back cannot be read");
  });
});

describe("Jepsen's log", () => {
  it("takes a failed swap that repeats its values for one that found another", () => {
    const calls = read("jepsen-log", casRegisterOperations, log("0 :invoke :cas [1 2]", "0 :fail :cas [1 2]", "0 :invoke :cas [1 2]", "0 :ok :cas [1 2]", "0 :invoke :cas [1 2]", "0 :fail :cas :refused", "0 :invoke :read nil", "0 :fail :read :timed-out"));
    expect(calls.map(({ outcome, output }) => [outcome, output])).to.deep.equal([["ok", false], ["ok", true], ["fail", undefined], ["fail", undefined]]);
  });

  it("passes over other lines, and reads those of later versions", () => {
    const text = "starting\n2026-01-01 12:00:00,1{GMT}\tINFO\t[worker 0] jepsen.util: 0\t:invoke\t:write\t3\nINFO  jepsen.core - done";
    expect(read("jepsen-log", registerOperations, text)).to.have.length(1);
  });

  it("says where a line cannot be read", () => {
    expect(errorOf("jepsen-log", `${log("0 :invoke :read nil")}\nINFO  jepsen.util - 0\t:o`)).to.equal("h:2:23: :invoke, :ok, :fail or :info should stand here");
    expect(errorOf("jepsen-log", "INFO  jepsen.util - 0\t:ok\t:read")).to.equal("h:1:32: the value is missing");
    expect(errorOf("jepsen-log", "INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2")).to.equal('h:1:36: what begins here is not closed: there is no "]"');
  });
});

describe("Porcupine's text formats", () => {
  it("read nothing as an empty text or as 0", () => {
    const [put, get] = read("porcupine", kvOperations, edn(':process 0, :type :invoke, :f :put, :key "x", :value "y"', ':process 0, :type :ok, :f :put, :key "x", :value "y"', ':process 0, :type :invoke, :f :get, :key "z", :value nil', ':process 0, :type :ok, :f :get, :key "z", :value ""'));
    expect(put?.input).to.deep.equal({ op: "write", value: "y", key: '"x"' });
    expect(get).to.deep.include({ input: { op: "read", key: '"z"' }, output: null });
    expect(read("porcupine", registerOperations, edn(":process 0, :type :invoke, :f :read, :value nil", ":process 0, :type :ok, :f :read, :value 0"))[0]?.output).to.equal(null);
  });
});

describe("our own history", () => {
  const line = (over: object): string => JSON.stringify({ process: 0, client: 0, member: "etcd-1", op: "put", key: "k", value: "v", intendedNs: 1, invokeNs: 1, returnNs: 5, outcome: "ok", ...over });

  it("is read by time, without a torn last line", () => {
    const calls = read("etcd-chaos", kvOperations, `${line({})}\n${line({ process: 1, op: "get", value: null, invokeNs: 2, returnNs: 3 })}\n{"pro`);
    expect(calls.map(({ input, invoke, output }) => [input.op, invoke, output])).to.deep.equal([["write", 1, null], ["read", 2, null]]);
    expect(calls[0]?.return).to.equal(4);
  });

  it("leaves out reads that may be of the past, and refuses what is not of single keys", () => {
    expect(read("etcd-chaos", kvOperations, `${line({ op: "get", serializable: true })}\n${line({ op: "get", atRevision: 3 })}\n${line({ op: "delete", value: undefined })}\n`).map(({ input }) => input)).to.deep.equal([{ op: "write", value: null, key: '"k"' }]);
    expect(errorOf("etcd-chaos", `${line({ op: "txn" })}\n`, kvOperations)).to.equal("h:1:1: txn is no operation of the models without revisions");
    expect(errorOf("etcd-chaos", `${line({ op: "delete", end: "z" })}\n`, kvOperations)).to.equal("h:1:1: delete of several keys is no operation of the models without revisions");
  });

  it("says where it cannot be read", () => {
    expect(errorOf("etcd-chaos", `${line({})}\n{"process": 1\n`, kvOperations)).to.match(/^h:2:\d+: this is no JSON$/);
    expect(errorOf("etcd-chaos", `{"process": 1}\n`, kvOperations)).to.equal("h:1:1: this is no operation of a history");
  });
});

describe("the format of a text", () => {
  it("is told by how it begins", () => {
    expect(formatOf(log("0 :invoke :read nil"), "h")).to.equal("jepsen-log");
    expect(formatOf(`; a run\n[${edn(":process 0 :type :invoke")}]`, "h")).to.equal("jepsen-edn");
    expect(formatOf(edn(":type :invoke, :process 0"), "h")).to.equal("jepsen-edn");
    expect(formatOf(edn(':process 0, :type :invoke, :f :get, :key "x"'), "h")).to.equal("porcupine");
    expect(formatOf('{"process":0}', "h")).to.equal("etcd-chaos");
    expect(() => formatOf("PNG", "h")).to.throw(HarnessError, "h:1:1: this looks like no format");
  });
});

describe("a damaged history", () => {
  it("is read or refused with its place, and nothing else", () => {
    const texts: readonly (readonly [Format, string])[] = [
      ["jepsen-log", log("0 :invoke :write 3", "1 :invoke :read nil", "0 :ok :write 3", "1 :ok :read 3")],
      ["jepsen-edn", edn(":process 0 :type :invoke :f :write :value 3", ":process 0 :type :ok :f :write :value 3")],
      ["etcd-chaos", '{"process":0,"client":0,"member":"m","op":"put","key":"k","value":"v","intendedNs":1,"invokeNs":1,"returnNs":5,"outcome":"ok"}\n'],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(8), fc.string({ maxLength: 3 }), ([format, text], at, cut, insert) => {
        const place = at % text.length;
        try {
          read(format, kvOrRegister(format), text.slice(0, place) + insert + text.slice(place + cut));
        } catch (error) {
          expect(error, String(error)).to.be.instanceOf(HarnessError);
          expect(messageOf(error)).to.match(/^h:\d+:\d+: /);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

function kvOrRegister(format: Format): OperationReader<unknown, unknown> {
  return format === "etcd-chaos" ? kvOperations : registerOperations;
}
