/**
 * One server-sent event. Without an id a client's place stays where it was; an empty id forgets the place.
 * JSON has no line breaks, so one data line is enough.
 */
export function formatEvent(name: string, data: unknown, id?: string): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n${id === undefined ? '' : `id: ${id}\n`}\n`;
}

/** Moves a client's place on without telling it anything; also keeps proxies from closing an idle connection. */
export function formatHeartbeat(id: string | undefined): string {
  return id === undefined ? ': still here\n\n' : `: still here\nid: ${id}\n\n`;
}
