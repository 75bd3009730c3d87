import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Environment } from './environment.ts';
import { ApiError } from './errors.ts';
import type { OpenStackOptions } from './options.ts';
import { AUTH_SETTINGS, optionsFromSettings, type SettingName, TOP_SETTINGS } from './settings.ts';

type Node = { readonly [key: string]: unknown };

/**
 * Reads a cloud of clouds.yaml: the file named, or OS_CLIENT_CONFIG_FILE, or the first found in the working directory,
 * ~/.config/openstack and /etc/openstack; secrets may stand in a secure.yaml beside it. The cloud may be left out when
 * the file has only one. Throws ApiError (`configuration`), naming file and path.
 */
export async function optionsFromCloudsYaml(
  cloud: string | null,
  file: string | null,
  env: Environment,
): Promise<OpenStackOptions> {
  const path = file ?? env.OS_CLIENT_CONFIG_FILE ?? null;
  const found = path === null ? await findFirst('clouds.yaml') : { path, tree: await readTree(path) };
  if (found === null) throw bad('clouds.yaml', `there is none in ${folders().join(', ')}`);
  const clouds = asNode(found.tree.clouds);
  if (clouds === null) throw bad(found.path, 'it has no section "clouds"');
  const name = cloud ?? onlyOne(found.path, clouds);
  const entry = asNode(clouds[name]);
  if (entry === null)
    throw bad(found.path, `it has no cloud "${name}", only ${Object.keys(clouds).join(', ') || 'none'}`);
  const secrets = await secretsOf(name, found.path);
  const settings = { ...flatten(found.path, name, entry), ...(secrets === null ? {} : secrets) };
  return optionsFromSettings(settings, found.path, (setting) => pathOf(name, setting));
}

function onlyOne(path: string, clouds: Node): string {
  const names = Object.keys(clouds);
  const [name] = names;
  if (names.length === 1 && name !== undefined) return name;
  throw bad(path, `it has ${names.length} clouds (${names.join(', ')}); name one, by OS_CLOUD or in the configuration`);
}

/** secure.yaml: beside the file, then where clouds.yaml is looked for. */
async function secretsOf(cloud: string, beside: string): Promise<Partial<Record<SettingName, string>> | null> {
  const path = beside.replace(/[^/]*$/, 'secure.yaml');
  const near = await readTreeIfThere(path);
  const found = near === null ? await findFirst('secure.yaml') : { path, tree: near };
  const entry = found === null ? null : asNode(asNode(found.tree.clouds)?.[cloud]);
  return found === null || entry === null ? null : flatten(found.path, cloud, entry);
}

function flatten(file: string, cloud: string, entry: Node): Partial<Record<SettingName, string>> {
  if (entry.profile !== undefined)
    throw bad(file, `clouds.${cloud}.profile is not supported; give auth.auth_url itself`);
  const settings: Partial<Record<SettingName, string>> = {};
  const auth = asNode(entry.auth) ?? {};
  const take = (setting: SettingName, value: unknown): void => {
    if (value === undefined || value === null) return;
    if (typeof value === 'object') throw bad(file, `${pathOf(cloud, setting)} must be a single value`);
    settings[setting] = String(value);
  };
  take('interface', entry.endpoint_type);
  for (const setting of TOP_SETTINGS) take(setting, entry[setting]);
  for (const setting of AUTH_SETTINGS) take(setting, auth[setting]);
  take('project_name', auth.project_name ?? auth.tenant_name);
  take('project_id', auth.project_id ?? auth.tenant_id);
  return settings;
}

function pathOf(cloud: string, setting: SettingName): string {
  const isTop = (TOP_SETTINGS as readonly string[]).includes(setting);
  return `clouds.${cloud}.${isTop ? '' : 'auth.'}${setting}`;
}

function folders(): string[] {
  return [process.cwd(), join(homedir(), '.config', 'openstack'), '/etc/openstack'];
}

async function findFirst(name: string): Promise<{ path: string; tree: Node } | null> {
  for (const folder of folders()) {
    const path = join(folder, name);
    const tree = await readTreeIfThere(path);
    if (tree !== null) return { path, tree };
  }
  return null;
}

async function readTreeIfThere(path: string): Promise<Node | null> {
  try {
    return await readTree(path);
  } catch (error) {
    if (((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return null;
    throw error;
  }
}

async function readTree(path: string): Promise<Node> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ApiError('configuration', `Reading ${path}`, (cause as NodeJS.ErrnoException).code ?? 'unknown', {
      cause,
    });
  }
  try {
    return asNode(parse(text)) ?? {};
  } catch (error) {
    // The parser quotes the line it stumbled over, which may hold a password: only its place is told.
    const at = (error as { linePos?: readonly { line: number }[] }).linePos?.[0]?.line;
    throw bad(path, `it is not YAML${at === undefined ? '' : ` at line ${at}`}`);
  }
}

function asNode(value: unknown): Node | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : null;
}

function bad(path: string, problem: string): ApiError {
  return new ApiError('configuration', `Reading ${path}`, problem);
}
