import { type Import, importsOf, type Tree } from './imports.ts';

/** Which folders the files of a folder may import from. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  model: ['model'],
  streams: ['streams', 'model'],
  strategies: ['strategies', 'model'],
  src: ['src', 'streams', 'strategies', 'model'],
  web: ['web', 'src', 'model'],
  sim: ['sim', 'src', 'streams', 'strategies', 'model'],
  servers: ['servers'],
  bench: ['bench', 'servers', 'sim', 'src', 'streams', 'strategies', 'model'],
  scripts: ['scripts'],
  tests: ['tests', 'scripts', 'web', 'bench', 'servers', 'sim', 'src', 'streams', 'strategies', 'model'],
};

/** The one file in which the program is put together with the simulated cloud. */
const COMPOSITION = 'src/simulated-cloud.ts';
const RXJS = ['streams', 'src', 'sim', 'bench', 'tests'];

const layerOf = (path: string): string => path.split('/')[0] ?? '';
const isRepositoryFile = (target: string): boolean => /\.(ts|tsx|mjs|json)$/.test(target) && layerOf(target) in LAYERS;
const isPure = (file: string): boolean => /^(model|strategies)\//.test(file) && !file.startsWith('model/stores/');

/** What is wrong with one import, or undefined. */
function fault({ file, target }: Import): string | undefined {
  const layer = layerOf(file);
  if (isRepositoryFile(target)) {
    const to = layerOf(target);
    if (layer === 'src' && to === 'sim') {
      return file === COMPOSITION ? undefined : `src may import sim only in ${COMPOSITION}`;
    }
    return LAYERS[layer]?.includes(to) ? undefined : `${layer} may not import ${to}`;
  }
  if (isPure(file)) return `${layer} is pure: no node: modules, no packages`;
  if (/^rxjs(\/|$)/.test(target) && !RXJS.includes(layer)) return `rxjs belongs in ${RXJS.join(', ')}`;
  return undefined;
}

/** Every import against the rules, as `FILE imports TARGET: RULE`, and every cycle, as `FILE → … → FILE: …`. */
export function violations(tree: Tree): string[] {
  const imports = [...tree].flatMap(([file, source]) => importsOf(file, source));
  const faults = imports.flatMap((found) => {
    const rule = fault(found);
    return rule === undefined ? [] : [`${found.file} imports ${found.target}: ${rule}`];
  });
  return [...faults, ...cycles(tree, imports).map((path) => `${path.join(' → ')}: files may not import in a circle`)];
}

/** Each circle once, as the files on it with the first repeated at the end. */
function cycles(tree: Tree, imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { file, target } of imports) {
    if (tree.has(target)) targets.set(file, [...(targets.get(file) ?? []), target]);
  }
  const found: string[][] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file]);
    if (start >= 0 || finished.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of tree.keys()) visit(file, []);
  return found;
}
