import type { OpenStackConfig } from './config/schema/openstack.ts';
import { optionsFromCloudsYaml } from './openstack/clouds-yaml.ts';
import { type Environment, optionsFromEnvironment } from './openstack/environment.ts';
import type { OpenStackOptions } from './openstack/options.ts';
import { optionsFromSettings } from './openstack/settings.ts';

/** How to reach the APIs that a configuration names. Throws ApiError that says what to correct. */
export async function openStackOptions(config: OpenStackConfig, env: Environment): Promise<OpenStackOptions> {
  const { cloud, clouds_yaml, auth, environment, endpoints, region, tls, partial } = config;
  if (environment || cloud !== undefined || clouds_yaml !== undefined) {
    const options = environment
      ? optionsFromEnvironment(env)
      : await optionsFromCloudsYaml(cloud ?? null, clouds_yaml ?? null, env);
    const own = { ...options.endpoints, ...endpoints };
    return { ...options, endpoints: own, region: region ?? options.region, partial };
  }
  const settings = {
    ...(auth ?? { auth_type: 'none' }),
    interface: config.interface,
    verify: String(tls.verify),
    region_name: region,
    cacert: tls.ca,
    cert: tls.cert,
    key: tls.key,
    compute_endpoint_override: endpoints?.compute,
    placement_endpoint_override: endpoints?.placement,
  };
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const options = optionsFromSettings(given, 'the configuration', (setting) => `openstack: ${setting}`);
  return { ...options, partial };
}
