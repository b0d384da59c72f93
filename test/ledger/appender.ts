import { appendEntry } from "../../src/ledger/ledger.ts";
import { entry } from "./entries.ts";

// One of several processes that write at once: so many entries, each with a sentence that makes it as long as others are.
const [folder = "", writer = "", many = "0"] = process.argv.slice(2);
for (let number = 0; number < Number(many); number += 1) appendEntry(folder, entry(number, { id: `${writer}-${number}`, sentence: "x".repeat(400 + number * 20) }));
