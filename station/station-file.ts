import { readFileSync } from 'node:fs';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { parse } from '../contract/check.ts';
import { fail, type Result } from '../contract/outcome.schema.ts';
import { StationConfig } from '../contract/station-config.schema.ts';

/** Reads the station of a site profile (its key `simulation`), or a file that is a station configuration itself. */
export function readStationFile(path: string): Result<StationConfig> {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof YAMLParseError || isMissing(error))
      return fail('kiosk.badConfig', `${path}: ${error.message}`);
    throw error;
  }
  const config = parse(StationConfig, simulationOf(content), 'kiosk.badConfig');
  return config.ok ? config : fail('kiosk.badConfig', `${path}: ${config.problem.detail ?? ''}`);
}

function simulationOf(content: unknown): unknown {
  const isSite = typeof content === 'object' && content !== null && 'simulation' in content;
  return isSite ? content.simulation : content;
}

function isMissing(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
