import { kindsOf, type SchemaNode, schemaNode } from './json-schema.ts';
import { allowed } from './problems.ts';
import { CONFIG } from './schema/config.ts';

/** All settings as a Markdown table, for docs/operations/configuration.md. */
export function settingsTable(): string {
  return groupTable(schemaNode(CONFIG));
}

/** The settings of a group as a Markdown table. */
export function groupTable(schema: SchemaNode): string {
  const head = ['| Setting | Meaning | May be | Default |', '|---|---|---|---|'];
  return [...head, ...rows(schema, '')].join('\n');
}

function rows(schema: SchemaNode, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, setting]) => settingRows(setting, `${path}${name}`));
}

function settingRows(setting: SchemaNode, path: string): string[] {
  if (setting.anyOf !== undefined) return [heading(setting, path), ...variantRows(setting, path)];
  if (setting.properties !== undefined) return [heading(setting, path), ...rows(setting, `${path}.`)];
  const { items } = setting;
  if (items !== undefined && 'anyOf' in items) return [heading(setting, path), ...variantRows(items, `${path}[]`)];
  if (items !== undefined && 'properties' in items) return [heading(setting, path), ...rows(items, `${path}[].`)];
  const preset = setting.default ?? setting.const;
  const shown = preset === undefined ? '' : `\`${JSON.stringify(preset)}\``;
  return [`| \`${path}\` | ${setting.description ?? ''} | ${allowedOf(setting)} | ${shown} |`];
}

function variantRows(schema: SchemaNode, path: string): string[] {
  const kinds = kindsOf(schema);
  return (schema.anyOf ?? []).flatMap((variant, i) => {
    const { kind: _, ...properties } = variant.properties ?? {};
    const title = `| **\`${path}.kind: ${kinds[i]}\`** | ${variant.description} | | |`;
    return [title, ...rows({ properties }, `${path}.`)];
  });
}

function heading(setting: SchemaNode, path: string): string {
  return `| **\`${path}\`** | ${setting.description ?? ''} | | |`;
}

function allowedOf(setting: SchemaNode): string {
  const { items } = setting;
  if (setting.form === undefined && items !== undefined && !Array.isArray(items))
    return `a list; each ${allowed(items as SchemaNode)}`;
  return allowed(setting).replaceAll('|', '\\|');
}
