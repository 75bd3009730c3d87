import { Command, Option } from 'commander';
import { withSession } from '../../client/keystone-login.ts';
import { identityEndpoint } from '../../openstack/session.ts';
import { KeystoneCatalog } from '../../registration/keystone-catalog.ts';
import { describeStep, INTERFACES, type Interface, stepsTo } from '../../registration/registration.ts';
import { formatList } from '../output/format.ts';
import { type Shown, shown, viewOf } from './view.ts';

interface CatalogFlags extends Shown {
  readonly osCloud?: string;
}

interface RegisterFlags {
  readonly osCloud?: string;
  readonly region?: string;
  readonly interface: readonly Interface[];
  readonly yes?: true;
}

export function catalogCommand(): Command {
  return new Command('catalog')
    .description('where keystone’s catalogue sends clients of the optimizer')
    .addCommand(
      shown(loggedIn('show'))
        .description('show the infra-optim endpoints')
        .action((flags: CatalogFlags) => show(flags)),
    )
    .addCommand(
      loggedIn('register')
        .description('let the catalogue name this address as infra-optim; without --yes only say what would be done')
        .argument('<url>', 'where clients reach Vigil: http://HOST:9322')
        .option('--region <region>', 'in this region; default: that of the cloud, or the only one there is')
        .addOption(
          new Option('--interface <names...>', 'for these networks').choices(INTERFACES).default([...INTERFACES]),
        )
        .option('--yes', 'do it')
        .action((url: string, flags: RegisterFlags) => register(url, flags)),
    );
}

function loggedIn(name: string): Command {
  return new Command(name).option('--os-cloud <cloud>', 'of clouds.yaml; default: the OS_* variables');
}

const COLUMNS = ['service', 'region', 'interface', 'url', 'enabled', 'id'];

async function show(flags: CatalogFlags): Promise<void> {
  const { service, endpoints } = await ofCloud(flags.osCloud, (catalog) => catalog.read());
  const rows = endpoints.map((endpoint) => ({ service: service?.name ?? '', ...endpoint }));
  console.log(formatList(rows, COLUMNS, viewOf(flags)));
  if (rows.length === 0) console.error('the catalogue names no infra-optim endpoint: see vigil catalog register');
}

async function register(text: string, flags: RegisterFlags): Promise<void> {
  const url = addressOf(text);
  await ofCloud(flags.osCloud, async (catalog, known) => {
    const region = flags.region ?? known ?? (await onlyRegion(catalog));
    const registered = await catalog.read();
    const steps = stepsTo({ url, region, interfaces: flags.interface }, registered);
    if (steps.length === 0) return console.log('the catalogue says so already');
    if (flags.yes !== true) {
      for (const step of steps) console.log(`would ${describeStep(step)}`);
      return console.error('nothing was done: add --yes to do it');
    }
    await catalog.carryOut(steps, registered, (step) => console.log(`done: ${describeStep(step)}`));
  });
}

/** Clients put the version behind it themselves. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`${text} is no address: write it as http://HOST:9322`);
  if (url.username !== '' || url.password !== '') throw new Error('the address must not hold a user or password');
  return text.replace(/\/+$/, '').replace(/\/v1$/, '');
}

async function onlyRegion(catalog: KeystoneCatalog): Promise<string> {
  const regions = await catalog.regions();
  const [region] = regions;
  if (region !== undefined && regions.length === 1) return region;
  throw new Error(`say in which region, with --region: there are ${regions.join(', ') || 'none'}`);
}

function ofCloud<T>(
  cloud: string | undefined,
  work: (catalog: KeystoneCatalog, region: string | null) => Promise<T>,
): Promise<T> {
  return withSession(cloud, process.env, (session, { credentials, region }) =>
    work(new KeystoneCatalog(session, identityEndpoint(credentials.authUrl)), region),
  );
}
