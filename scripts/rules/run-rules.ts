/** Runs our own rules over a TypeScript program. */
import { join, relative } from 'node:path';
import ts from 'typescript';
import { directTime } from './direct-time.ts';
import { droppedResult } from './dropped-result.ts';
import { fileRole } from './file-role.ts';
import { rawMarkup } from './raw-markup.ts';
import { reasonedDisable } from './reasoned-disable.ts';
import { synchronousHid } from './synchronous-hid.ts';
import type { Rule } from './rule.ts';

export const RULES: readonly Rule[] = [directTime, droppedResult, fileRole, rawMarkup, reasonedDisable, synchronousHid];

/** `path:line rule: message`, in the order of the files. */
export function runRules(root: string, files: readonly string[], rules: readonly Rule[] = RULES): readonly string[] {
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    compilerOptions(root),
  );
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const source = program.getSourceFile(join(root, file));
    if (!source) return [`${file}:1 rules: the file could not be read`];
    const path = relative(root, join(root, file)).replaceAll('\\', '/');
    return rules
      .filter((rule) => rule.appliesTo(path))
      .flatMap((rule) =>
        rule
          .check({ path, source, checker })
          .map((finding) => `${path}:${finding.line} ${rule.name}: ${finding.message}`),
      );
  });
}

function compilerOptions(root: string): ts.CompilerOptions {
  const file = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, ts.sys.readFile) as { config?: { compilerOptions?: object } };
  return ts.convertCompilerOptionsFromJson(config?.compilerOptions ?? {}, root).options;
}
