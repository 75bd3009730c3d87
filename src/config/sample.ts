import { isTree, kindsOf, type SchemaNode, schemaNode } from './json-schema.ts';
import { allowed } from './problems.ts';
import { CONFIG } from './schema/config.ts';

const WIDTH = 118;

/**
 * A configuration file that sets everything to its default, with what each setting means and may be. What has no default
 * stands there as a comment without a space after the `#`.
 */
export function sampleConfig(): string {
  const head = [
    '# Vigil’s configuration. Every setting may be left out; here stand the defaults.',
    '# Lines with a "#" right before a name show settings that have no default.',
    '# Environment variables come before this file: VIGIL_LISTEN__PORT=80 sets listen.port.',
  ];
  return `${[...head, ...group(schemaNode(CONFIG), '', false)].join('\n')}\n`;
}

/** The lines of a group's settings; with `off` all of them are comments. */
function group(schema: SchemaNode, indent: string, off: boolean): string[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, setting]) => {
    const isOff = off || !(required.has(name) && (setting.default !== undefined || setting.const !== undefined));
    const lines = [...notes(setting, indent), ...entry(name, setting, indent, isOff)];
    return indent === '' ? ['', ...lines] : lines;
  });
}

function entry(name: string, setting: SchemaNode, indent: string, off: boolean): string[] {
  const start = `${indent}${off ? '#' : ''}${name}:`;
  const inner = `${indent}  `;
  if (setting.anyOf !== undefined) return [start, ...kinds(setting, inner, '', setting.default)];
  if (setting.properties !== undefined) return [start, ...group(setting, inner, off)];
  const { items } = setting;
  if (items !== undefined && 'anyOf' in items) return [start, ...kinds(items, inner, '- ', setting.default)];
  const line = `${start} ${inline(setting.const ?? setting.default ?? setting.example)}`;
  return items !== undefined && 'properties' in items ? [line, ...example(items, inner)] : [line];
}

/** An item of a list of groups, as a comment. */
function example(item: SchemaNode, indent: string): string[] {
  const [[first, setting] = ['', {}], ...others] = Object.entries(item.properties ?? {});
  return [
    ...notes(setting, indent),
    `${indent}#- ${first}: ${inline(setting.default ?? setting.example)}`,
    ...group({ ...item, properties: Object.fromEntries(others) }, `${indent}  `, true),
  ];
}

/** The kinds of the default stand there, the others are shown as comments. */
function kinds(schema: SchemaNode, indent: string, dash: '' | '- ', preset: unknown): string[] {
  const names = kindsOf(schema);
  const standing = [preset].flat().map((one) => (isTree(one) ? one.kind : undefined));
  return (schema.anyOf ?? []).flatMap((variant, i) => {
    const name = names[i] ?? '';
    return kindGroup(name, variant, indent, !standing.includes(name), dash);
  });
}

/** The settings of one kind; as an item of a list they stand behind a dash. */
function kindGroup(kind: string, variant: SchemaNode, indent: string, off: boolean, dash: '' | '- '): string[] {
  const { kind: _, ...settings } = variant.properties ?? {};
  return [
    ...comment(variant.description ?? '', indent),
    `${indent}${off ? '#' : ''}${dash}kind: ${kind}`,
    ...group({ ...variant, properties: settings }, indent + ' '.repeat(dash.length), off),
  ];
}

function notes(setting: SchemaNode, indent: string): string[] {
  const { description = '', properties, anyOf, items, default: preset } = setting;
  const isLeaf = properties === undefined && anyOf === undefined && items === undefined;
  const says = isLeaf && preset !== undefined && !(setting.type === 'string' && setting.enum === undefined);
  const range = says ? ` (${allowed(setting)})` : '';
  return comment(`${description.replace(/\.$/, '')}${range}.`, indent);
}

function comment(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of text.split(' ')) {
    if (line.length + word.length >= WIDTH) {
      lines.push(line);
      line = `${indent}#  `;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** A value as YAML on one line, which JSON is. */
function inline(value: unknown): string {
  if (
    typeof value === 'string' &&
    /^[A-Za-z][A-Za-z0-9_./-]*$/.test(value) &&
    !/^(true|false|null|yes|no)$/.test(value)
  ) {
    return value;
  }
  return JSON.stringify(value);
}

/** A value with every setting of a schema: its default, or else its example. Secrets are given themselves, not by file. */
export function exampleOf(schema: SchemaNode): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf !== undefined) return exampleOf(schema.anyOf[0] ?? {});
  if (schema.properties !== undefined) {
    const settings = Object.entries(schema.properties).filter(([, setting]) => setting.secretFor === undefined);
    return Object.fromEntries(settings.map(([name, setting]) => [name, exampleOf(setting)]));
  }
  if (isTree(schema.items) && 'anyOf' in schema.items) return (schema.items as SchemaNode).anyOf?.map(exampleOf);
  return schema.default ?? schema.example;
}
