/** The fields of Redis' INFO reply, by name. */
export type ServerInfo = ReadonlyMap<string, string>;

export function parseInfo(text: string): ServerInfo {
  const fields = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

const OLDEST_MAJOR = 6;
const OLDEST_MINOR = 2;

/** Why a server cannot be used, or null. */
export function unsupported(info: ServerInfo): string | null {
  const version = info.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST_MAJOR || (major === OLDEST_MAJOR && minor >= OLDEST_MINOR)) return null;
  return `version ${version} is too old, ${OLDEST_MAJOR}.${OLDEST_MINOR} or later is needed`;
}
