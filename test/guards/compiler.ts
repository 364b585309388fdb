import path from 'node:path';
import ts from 'typescript';
import { checkout } from './linter.js';

/** The numbers of what the compiler says about one of the codes. */
export type Complaints = (code: string) => readonly number[];

/** Compiles each code as one more file of `folder`, beside all that is there already and under its own settings. */
export function compileIn(folder: string, codes: readonly string[]): Complaints {
  const options = readOptions(folder);
  const files = new Map(
    codes.map((code, index) => [path.join(checkout, folder, `breach-${String(index)}.ts`), code]),
  );
  const host = ts.createCompilerHost(options.options);
  const onDisk = { exists: host.fileExists.bind(host), read: host.readFile.bind(host) };
  host.fileExists = (file) => files.has(file) || onDisk.exists(file);
  host.readFile = (file) => files.get(file) ?? onDisk.read(file);
  const program = ts.createProgram([...options.fileNames, ...files.keys()], options.options, host);
  return (code) => {
    const file = [...files].find(([, content]) => content === code)?.[0] ?? '';
    const source = program.getSourceFile(file);
    if (source === undefined) {
      throw new Error(`This code was not compiled in ${folder}: ${code}`);
    }
    return [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ].map((diagnostic) => diagnostic.code);
  };
}

function readOptions(folder: string): ts.ParsedCommandLine {
  const parsed = ts.getParsedCommandLineOfConfigFile(
    path.join(checkout, folder, 'tsconfig.json'),
    { composite: false, emitDeclarationOnly: false, noEmit: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  if (parsed === undefined) {
    throw new Error(`The settings of ${folder} cannot be read.`);
  }
  return parsed;
}
