"""What Watcher's suites are run on: a Vigil started anew, and Watcher's own emulators of nova and placement."""

import os
import pathlib
import signal
import subprocess
import threading
import time

import fixtures
import requests
from werkzeug import serving

from watcher.tests import local_fixtures
from watcher.tests.local_fixtures import nova_api_emulator, placement_api_emulator

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
VIGIL_PORT = int(os.environ.get('VIGIL_LISTEN__PORT', '9322'))
VIGIL = f'http://127.0.0.1:{VIGIL_PORT}'
NOVA_PORT, PLACEMENT_PORT = 18774, 18778
#: Of Watcher's own: two hosts, for suites that bring no cloud.
SAMPLE = pathlib.Path(local_fixtures.__file__).with_name('sample_topology.json')
PATIENCE = 60


class Quiet(serving.WSGIRequestHandler):
    def log_request(self, *_):
        pass


class Emulators:
    """Nova and placement on the ports that the configurations name, for as long as this process runs."""

    def __init__(self):
        self.nova = nova_api_emulator.NovaAPIEmulator()
        self.placement = placement_api_emulator.PlacementAPIEmulator()
        for port, emulator in ((NOVA_PORT, self.nova), (PLACEMENT_PORT, self.placement)):
            server = serving.make_server('127.0.0.1', port, emulator.app, threaded=True, request_handler=Quiet)
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def load_topology(self, topology):
        for emulator in (self.nova, self.placement):
            emulator.load_topology(topology)

    def load_sample(self):
        for emulator in (self.nova, self.placement):
            emulator.load_model(str(SAMPLE))


class VigilProcess(fixtures.Fixture):
    """A Vigil with nothing in it, with one of the configurations beside this file; SUITE_LOG=FILE keeps its log."""

    def __init__(self, config):
        super().__init__()
        self.config = config

    def setUp(self):
        super().setUp()
        if is_ready():
            raise RuntimeError(f'something answers at {VIGIL} already')
        command = ['node', 'scripts/vigil.mjs', 'serve', '--config', str(HERE / self.config)]
        log = open(os.environ.get('SUITE_LOG', os.devnull), 'ab')
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        self.addCleanup(log.close)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: os.killpg(process.pid, signal.SIGTERM))
        wait_for('Vigil to be ready', lambda: process.poll() is not None or is_ready())
        if process.poll() is not None:
            raise RuntimeError(f'Vigil ended with {process.returncode}; SUITE_LOG=FILE tells why')


def is_ready():
    try:
        return requests.get(f'{VIGIL}/readyz', timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def wait_for(what, happened):
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise TimeoutError(f'waited {PATIENCE} s for {what}')
        time.sleep(0.1)
