/** `node platform/openapi/write-document.main.ts`: writes `platform/openapi.json` anew. Refuses a change that breaks a terminal. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { breakingChanges } from './breaking-changes.ts';
import { openApiDocument, type OpenApiDocument } from './document.ts';

const FILE = new URL('../openapi.json', import.meta.url);
const document = openApiDocument();
const isForced = process.argv.includes('--break');
const broken = existsSync(FILE)
  ? breakingChanges(JSON.parse(readFileSync(FILE, 'utf8')) as OpenApiDocument, document)
  : [];
for (const line of broken) process.stderr.write(`breaks earlier terminals: ${line}\n`);
if (broken.length > 0 && !isForced) process.exitCode = 1;
else writeFileSync(FILE, `${JSON.stringify(document, undefined, 2)}\n`);
