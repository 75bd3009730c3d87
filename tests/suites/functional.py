"""Watcher's own functional tests and gabbi files, run against Vigil: see README.md.

    PYTHON tests/suites/functional.py [functional | gabbi] [unittest arguments, such as -k test_scope]

In place of Watcher's services, for each test (of gabbi: each file) a Vigil is started anew with headers.yaml; nova and
placement are Watcher's own emulators.
"""

import pathlib
import sys
import unittest

import fixtures
import requests
from gabbi import driver

from stage import PATIENCE, VIGIL, VIGIL_PORT, Emulators, VigilProcess, wait_for
from watcher.tests.functional import base, gabbi_fixture

AS_ADMIN = {'x-user-id': 'tests', 'x-project-id': 'tests', 'x-roles': 'admin'}
#: Every field, as the tests expect of Watcher's own call between processes.
ALL_FIELDS = {**AS_ADMIN, 'openstack-api-version': 'infra-optim latest'}
EMULATORS = Emulators()


class Topology:
    """The emulated cloud, as tests change it."""

    nova_emulator, placement_emulator = EMULATORS.nova, EMULATORS.placement

    def reload_topology(self, topology):
        EMULATORS.load_topology(topology)
        self._invalidate_collector_model()

    def _invalidate_collector_model(self):
        """Watcher forgets its model here; Vigil reads the cloud once more, and forgets a host that was missing for a while."""
        servers = set(self.nova_emulator.servers)
        hosts = {hypervisor['hypervisor_hostname'] for hypervisor in self.nova_emulator.hypervisors.values()}
        wait_for('the model to be read', lambda: refresh() and read_model() == (hosts, servers))


class Environment(VigilProcess):
    """What the tests know as Watcher's environment."""

    dbapi = context = None
    service = 'services are not processes here'

    def __init__(self, compute_topology=None, **_):
        super().__init__('headers.yaml')
        self.topology = compute_topology
        self.nova_fixture = Topology()
        self.de_fixture = self.applier_fixture = self

    def setUp(self):
        EMULATORS.load_topology(self.topology)
        super().setUp()


class Api(fixtures.Fixture):
    base_url = f'{VIGIL}/v1'


def refresh():
    whole = {'scope': 'all', 'wait': True}
    return requests.post(f'{VIGIL}/model/refresh', json=whole, headers=AS_ADMIN, timeout=PATIENCE).ok


def get_data_model(audit_uuid=None):
    query = {} if audit_uuid is None else {'audit_uuid': audit_uuid}
    answer = requests.get(f'{VIGIL}/v1/data_model', params=query, headers=ALL_FIELDS, timeout=30)
    answer.raise_for_status()
    return answer.json()['context']


def read_model():
    rows = get_data_model()
    servers = {row['server_uuid'] for row in rows if 'server_uuid' in row}
    return {row['node_hostname'] for row in rows}, servers


def functional():
    names = ('test_basic', 'test_nova_model', 'test_host_maintenance', 'test_host_maintenance_scoped')
    loader = unittest.defaultTestLoader
    return unittest.TestSuite(loader.loadTestsFromName(f'watcher.tests.functional.{name}') for name in names)


def gabbi():
    files = pathlib.Path(base.__file__).with_name('gabbits')
    at = {'host': '127.0.0.1', 'port': VIGIL_PORT, 'prefix': '/v1'}
    loader = unittest.defaultTestLoader
    return driver.build_tests(str(files), loader, fixture_module=gabbi_fixture, test_loader_name='gabbi', **at)


def load_tests(*_):
    return unittest.TestSuite([gabbi(), functional()])


if __name__ == '__main__':
    base.WatcherEnvironment = gabbi_fixture.WatcherEnvironment = Environment
    base.APIFixture = Api
    base.WatcherFunctionalTestCase.get_data_model = lambda _, audit_uuid=None: get_data_model(audit_uuid)
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], verbosity=2)
