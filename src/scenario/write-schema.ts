import { writeFile } from "node:fs/promises";
import { catalogue } from "../catalogue.ts";
import { schemaFile, schemaText } from "./schema-file.ts";

// Run by `npm run schema`.
await writeFile(schemaFile, schemaText(catalogue));
process.stdout.write(`${schemaFile}\n`);
