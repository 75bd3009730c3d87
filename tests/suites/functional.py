"""Watcher's own functional tests, run against Vigil: see README.md.

    PYTHON tests/suites/functional.py [unittest arguments, such as -k test_scope]

In place of Watcher's services, for each test a Vigil is started anew with headers.yaml; nova and placement are Watcher's own
emulators, on the ports named there.
"""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import unittest

import fixtures
import requests
from werkzeug import serving

from watcher.tests.functional import base, test_gabbi
from watcher.tests.local_fixtures import nova_api_emulator, placement_api_emulator

ROOT = pathlib.Path(__file__).resolve().parents[2]
VIGIL = f"http://127.0.0.1:{os.environ.get('VIGIL_LISTEN__PORT', '9322')}"
NOVA_PORT, PLACEMENT_PORT = 18774, 18778
AS_ADMIN = {'x-user-id': 'tests', 'x-project-id': 'tests', 'x-roles': 'admin'}
#: Every field, as the tests expect of Watcher's own call between processes.
ALL_FIELDS = {**AS_ADMIN, 'openstack-api-version': 'infra-optim latest'}
PATIENCE = 60


class Emulators(fixtures.Fixture):
    """Nova and placement, for as long as all tests run; `topology` is put into them anew."""

    def __init__(self):
        super().__init__()
        self.nova_emulator = nova_api_emulator.NovaAPIEmulator()
        self.placement_emulator = placement_api_emulator.PlacementAPIEmulator()
        for port, emulator in ((NOVA_PORT, self.nova_emulator), (PLACEMENT_PORT, self.placement_emulator)):
            server = serving.make_server('127.0.0.1', port, emulator.app, threaded=True, request_handler=Quiet)
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def reload_topology(self, topology):
        self.nova_emulator.load_topology(topology)
        self.placement_emulator.load_topology(topology)
        self._invalidate_collector_model()

    def _invalidate_collector_model(self):
        """Watcher forgets its model here; Vigil reads the cloud once more, and forgets a host that was missing for a while."""
        servers = set(self.nova_emulator.servers)
        hosts = {hypervisor['hypervisor_hostname'] for hypervisor in self.nova_emulator.hypervisors.values()}
        wait_for('the model to be read', lambda: refresh() and read_model() == (hosts, servers))


class Quiet(serving.WSGIRequestHandler):
    def log_request(self, *_):
        pass


EMULATORS = Emulators()


class Vigil(fixtures.Fixture):
    """A Vigil with nothing in it, and what the tests know as Watcher's environment."""

    dbapi = context = None
    service = 'services are not processes here'

    def __init__(self, compute_topology=None, **_):
        super().__init__()
        self.topology = compute_topology
        self.nova_fixture = EMULATORS
        self.de_fixture = self.applier_fixture = self

    def setUp(self):
        super().setUp()
        EMULATORS.nova_emulator.load_topology(self.topology)
        EMULATORS.placement_emulator.load_topology(self.topology)
        command = ['node', 'scripts/vigil.mjs', 'serve', '--config', 'tests/suites/headers.yaml']
        log = open(os.environ.get('SUITE_LOG', os.devnull), 'ab')
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        self.addCleanup(log.close)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: os.killpg(process.pid, signal.SIGTERM))
        wait_for('Vigil to be ready', lambda: process.poll() is not None or is_ready())
        if process.poll() is not None:
            raise RuntimeError(f'Vigil ended with {process.returncode}; SUITE_LOG=FILE tells why')


class Api(fixtures.Fixture):
    base_url = f'{VIGIL}/v1'


def is_ready():
    try:
        return requests.get(f'{VIGIL}/readyz', timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


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


def wait_for(what, happened):
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(f'waited {PATIENCE} s for {what}')
        time.sleep(0.1)


def load_tests(loader, *_):
    names = ('test_basic', 'test_nova_model', 'test_host_maintenance', 'test_host_maintenance_scoped')
    return unittest.TestSuite(loader.loadTestsFromName(f'watcher.tests.functional.{name}') for name in names)


if __name__ == '__main__':
    base.WatcherEnvironment = Vigil
    base.APIFixture = Api
    base.WatcherFunctionalTestCase.get_data_model = lambda _, audit_uuid=None: get_data_model(audit_uuid)
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], verbosity=2)
