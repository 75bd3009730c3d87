import { expect, test } from 'vitest';
import { importsOf, readTree } from './imports.ts';
import { LAYERS, violations } from './rules.ts';

test('the repository keeps its layers and has no import cycles', () => {
  const tree = readTree(Object.keys(LAYERS));
  expect(tree.size).toBeGreaterThan(50); // it was read at all
  expect(violations(tree)).toEqual([]);
});

test.each([
  [
    'model/a.ts',
    "import { b } from '../streams/b.ts';",
    'model/a.ts imports streams/b.ts: model may not import streams',
  ],
  ['streams/a.ts', "import { b } from '../src/b.ts';", 'streams/a.ts imports src/b.ts: streams may not import src'],
  [
    'strategies/a.ts',
    "export * from '../streams/b.ts';",
    'strategies/a.ts imports streams/b.ts: strategies may not import streams',
  ],
  ['src/a.ts', "import '../sim/b.ts';", 'src/a.ts imports sim/b.ts: src may import sim only in src/simulated-cloud.ts'],
  ['src/api/a.ts', "await import('../../bench/b.ts');", 'src/api/a.ts imports bench/b.ts: src may not import bench'],
  ['sim/a.ts', "import type { B } from '../tests/b.ts';", 'sim/a.ts imports tests/b.ts: sim may not import tests'],
  [
    'model/a.ts',
    "import fs from 'node:fs';",
    'model/a.ts imports node:fs: model is pure: no node: modules, no packages',
  ],
  [
    'strategies/a.ts',
    "import { Type } from 'typebox';",
    'strategies/a.ts imports typebox: strategies is pure: no node: modules, no packages',
  ],
  [
    'model/stores/a.ts',
    "import { Subject } from 'rxjs';",
    'model/stores/a.ts imports rxjs: rxjs belongs in streams, src, sim, bench, tests',
  ],
  [
    'web/a.ts',
    "import { map } from 'rxjs/operators';",
    'web/a.ts imports rxjs/operators: rxjs belongs in streams, src, sim, bench, tests',
  ],
])('%s with %s is refused', (file, source, violation) => {
  expect(violations(new Map([[file, source]]))).toEqual([violation]);
});

test.each([
  ['model/stores/a.ts', "import { open } from 'lmdb';\nimport fs from 'node:fs';"],
  ['streams/a.ts', "import { map } from 'rxjs';\nimport { b } from '../model/b.ts';"],
  ['src/simulated-cloud.ts', "import { cloud } from '../sim/cloud.ts';"],
  ['bench/a.ts', "import { cloud } from '../sim/cloud.ts';"],
  ['tests/a.ts', "import { cloud } from '../sim/cloud.ts';\nimport { ensure } from '../scripts/ensure.mjs';"],
])('%s with %s is allowed', (file, source) => {
  expect(violations(new Map([[file, source]]))).toEqual([]);
});

test('a circle of files is named file by file, once', () => {
  const tree = new Map([
    ['src/main.ts', "import './a.ts';"],
    ['src/a.ts', "import type { B } from './b.ts';"],
    ['src/b.ts', "export { c } from './c.ts';"],
    ['src/c.ts', "import { a } from './a.ts';"],
  ]);
  expect(violations(tree)).toEqual(['src/a.ts → src/b.ts → src/c.ts → src/a.ts: files may not import in a circle']);
});

test('imports are found in every form, over several lines, and nowhere else', () => {
  const source = [
    'import {',
    '  one,',
    "} from './one.ts';",
    'import two from "./two.ts";',
    "import './three.ts';",
    "export type { Four } from './four.ts';",
    "const five = await import('./five.ts');",
    "export const six = 'import it from';",
    "// import './seven.ts'",
  ].join('\n');
  expect(importsOf('src/main.ts', source).map(({ target }) => target)).toEqual(
    ['one', 'two', 'three', 'four', 'five'].map((name) => `src/${name}.ts`),
  );
});
