import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { root } from './root.mjs';
import { must, tsc } from './run.mjs';

const trees = ['model', 'streams', 'strategies', 'src', 'sim', 'servers', 'bench', 'web'];
const settings = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
/** Files that are not compiled but belong beside the compiled ones. */
const assets = new Set(['.lua', '.html', '.css', '.svg']);
const dist = `${root}/dist`;
const stampFile = `${dist}/.vigil-build`;

/** @returns {boolean} whether dist/ was built from the sources as they are now */
export function buildIsCurrent() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === signature();
}

/**
 * Compile the program and the web page to dist/ and put the assets beside them.
 *
 * @returns {Promise<void>}
 * @throws {Error} with the compiler's messages
 */
export async function build() {
  const built = signature(); // taken first: an edit during the build makes it stale again
  if (!existsSync(stampFile)) rmSync(`${dist}/.tsbuildinfo`, { force: true });
  await must('compiling', process.execPath, [tsc, '-p', 'tsconfig.build.json']);
  if (existsSync(`${root}/web/tsconfig.json`)) await must('compiling web/', process.execPath, [tsc, '-p', 'web']);
  const files = sources();
  for (const file of files) {
    if (assets.has(extname(file))) copy(file);
  }
  removeOrphans(new Set(files));
  mkdirSync(dist, { recursive: true });
  writeFileSync(stampFile, built);
}

/** @returns {string[]} the files of all source trees, relative to the root, sorted */
function sources() {
  return trees.flatMap((tree) => walk(tree)).sort();
}

/**
 * @param {string} folder relative to the root
 * @returns {string[]}
 */
function walk(folder) {
  if (!existsSync(`${root}/${folder}`)) return [];
  return readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return walk(path);
    return entry.isFile() ? [path] : [];
  });
}

/** @returns {string} changes when any source is added, removed or written */
function signature() {
  const hash = createHash('sha256');
  for (const file of [...settings, ...sources()]) {
    const { size, mtimeMs } = statSync(`${root}/${file}`, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} file */
function copy(file) {
  const target = `${dist}/${file}`;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(`${root}/${file}`, target);
}

/**
 * Take away what was compiled or copied from a source that is gone.
 *
 * @param {ReadonlySet<string>} files
 */
function removeOrphans(files) {
  for (const file of trees.flatMap((tree) => walk(`dist/${tree}`))) {
    const source = file.replace(/^dist\//, '').replace(/\.js(\.map)?$/, '');
    if (![source, `${source}.ts`, `${source}.tsx`].some((name) => files.has(name))) rmSync(`${root}/${file}`);
  }
}
