import { pino } from 'pino';
import type { OpenStackConfig } from '../config/schema/openstack.ts';
import { connectOpenStack } from '../openstack/connect.ts';
import { openStackOptions } from '../openstack-config.ts';
import { type Finding, failure, ok } from './finding.ts';

const ABOUT = 'openstack';

/** Whether keystone takes the credentials, and its catalogue names what Vigil asks. */
export async function checkOpenStack(config: OpenStackConfig): Promise<Finding[]> {
  try {
    const { session, close } = await connectOpenStack(
      await openStackOptions(config, process.env),
      pino({ level: 'silent' }),
    );
    try {
      const found = await Promise.all([session.endpoint('compute'), session.endpoint('placement')]);
      return [ok(ABOUT, `keystone takes the credentials; nova at ${found[0]}, placement at ${found[1]}`)];
    } finally {
      await close();
    }
  } catch (error) {
    return [failure(ABOUT, (error as Error).message, 'Mend openstack: in the configuration, or clouds.yaml.')];
  }
}
