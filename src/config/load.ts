import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { VigilError } from '../errors.ts';
import { checkTree } from './check.ts';
import { schemaNode, specialize, type Tree } from './json-schema.ts';
import { Origins } from './origins.ts';
import { applyOverlays, environmentOverlays, type Overlay } from './overlay.ts';
import { formatProblem, type Problem } from './problems.ts';
import { brokenRules } from './rules.ts';
import { CONFIG, type Config } from './schema/config.ts';
import { readSecretFiles } from './secret-files.ts';
import { readYaml } from './yaml-file.ts';

export interface ConfigSources {
  /** The file asked for; without it the first of {@link USUAL_FILES} that is there, or none. */
  readonly file?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Flags of the command line, see `flagOverlay`; they come before everything else. */
  readonly flags?: readonly Overlay[];
  /** Where `vigil.yaml` and a relative file are looked for. */
  readonly directory?: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly origins: Origins;
  /** The file it came from; null when there is none. */
  readonly file: string | null;
}

export const USUAL_FILES = ['vigil.yaml', '/etc/vigil/vigil.yaml'];

const SCHEMA = schemaNode(CONFIG);

/**
 * The configuration: defaults, under the file, under environment variables, under flags. Throws a VigilError that lists
 * everything that is wrong, each with where it was given, its path, the value (no secrets) and what is allowed.
 */
export async function loadConfig(sources: ConfigSources = {}): Promise<LoadedConfig> {
  const directory = sources.directory ?? process.cwd();
  const file = sources.file ?? USUAL_FILES.find((name) => existsSync(resolve(directory, name))) ?? null;
  const origins = new Origins();
  const tree = file === null ? {} : await readYaml(file, directory, origins);
  applyOverlays(tree, [...environmentOverlays(sources.env ?? {}, SCHEMA), ...(sources.flags ?? [])], SCHEMA, origins);
  const config = check(tree, origins);
  return { config, origins, file };
}

/** Fills in defaults, in place, and checks everything there is to check. */
function check(tree: Tree, origins: Origins): Config {
  const problems = checkTree(tree, SCHEMA, origins);
  if (problems.length > 0) fail(problems);
  const unread = readSecretFiles(tree, specialize(SCHEMA, tree), origins);
  if (unread.length > 0) fail(unread);
  const config = tree as unknown as Config;
  const broken = brokenRules(config);
  if (broken.length > 0) fail(broken.map(({ path, text }) => ({ origin: origins.of(path), path, text })));
  return config;
}

function fail(problems: readonly Problem[]): never {
  throw new VigilError('config-invalid', { problems: problems.map(formatProblem).join('\n') });
}
