/** Our own rules: what the linter cannot say. */
import ts from 'typescript';

export interface RuleInput {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly source: ts.SourceFile;
  readonly checker: ts.TypeChecker;
}

export interface Finding {
  readonly line: number;
  readonly message: string;
}

export interface Rule {
  readonly name: string;
  appliesTo(path: string): boolean;
  check(input: RuleInput): readonly Finding[];
}

export function findingAt(source: ts.SourceFile, node: ts.Node, message: string): Finding {
  return { line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, message };
}

/** Every node below, in the order of the text. */
export function* walk(node: ts.Node): Generator<ts.Node> {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) {
    yield child;
    yield* walk(child);
  }
}

export function isTest(path: string): boolean {
  return /\.(test|spec|test-support)\.tsx?$|(^|\/)test-support\/|^tests\//.test(path);
}

/** Where time and chance are made instead of given: adapters and the programs people start. */
export function isCompositionRoot(path: string): boolean {
  return /\.system\.ts$|(^|\/|\.)main\.tsx?$/.test(path);
}

/** What runs in a terminal, a station or a platform; not what builds, checks or measures it. */
export function isProduct(path: string): boolean {
  return !isTest(path) && !/^(scripts|bench)\/|\.config\.ts$|(^|\/)build\.ts$|\.d\.ts$/.test(path);
}
