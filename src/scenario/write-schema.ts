import { writeFile } from "node:fs/promises";
import { catalogue } from "../catalogue.ts";
import { generatedFiles } from "./schema-file.ts";

// Run by `npm run schema`.
for (const [path, text] of generatedFiles(catalogue)) {
  await writeFile(path, text);
  process.stdout.write(`${path}\n`);
}
