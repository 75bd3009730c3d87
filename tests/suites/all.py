"""Watcher's own suites, all of them or those that are named, each against a Vigil started anew: see README.md.

    PYTHON tests/suites/all.py [gabbi] [functional] [api] [cli]

A line a suite tells how many tests passed, failed and were skipped; it ends with 1 when of any fewer passed than of Watcher.
"""

import configparser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

import tempest

HERE = pathlib.Path(__file__).resolve().parent
BIN = pathlib.Path(sys.executable).parent
TEMPEST = pathlib.Path(tempest.__file__).parent


class Suite(NamedTuple):
    #: Of its tests, on Watcher.
    passed: int
    skipped: int
    command: tuple
    needs_keystone: bool = False


class Outcome(NamedTuple):
    passed: int
    failed: int
    skipped: int


def of_unittest(name):
    return (sys.executable, str(HERE / 'functional.py'), name)


def of_tempest(package):
    return (str(BIN / 'stestr'), 'run', '--serial', f'watcher_tempest_plugin.tests.{package}')


SUITES = {
    'gabbi': Suite(58, 0, of_unittest('gabbi')),
    'functional': Suite(75, 0, of_unittest('functional')),
    'api': Suite(60, 1, of_tempest('api'), needs_keystone=True),
    'cli': Suite(41, 0, of_tempest('client_functional'), needs_keystone=True),
}


def environment():
    """Its commands before others of their names, and the administrator of tempest.conf."""
    conf = configparser.ConfigParser()
    conf.read(HERE / 'tempest.conf')
    admin = conf['auth']
    return {
        **os.environ,
        'PATH': f'{BIN}{os.pathsep}{os.environ["PATH"]}',
        'OS_AUTH_URL': conf['identity']['uri_v3'],
        'OS_REGION_NAME': conf['identity']['region'],
        'OS_USERNAME': admin['admin_username'],
        'OS_PASSWORD': admin['admin_password'],
        'OS_PROJECT_NAME': admin['admin_project_name'],
        'OS_USER_DOMAIN_NAME': admin['admin_domain_name'],
        'OS_PROJECT_DOMAIN_NAME': admin['admin_domain_name'],
        'OS_IDENTITY_API_VERSION': '3',
    }


def run(name, folder):
    """What came of a suite; its output is kept in the folder."""
    suite, env = SUITES[name], environment()
    with open(folder / f'{name}.log', 'w+') as log:
        env['SUITE_LOG'] = str(folder / f'{name}.vigil.log')
        if suite.needs_keystone:
            run_with_keystone(suite.command, folder / name, log, env)
        else:
            subprocess.run(suite.command, cwd=folder, env=env, stdout=log, stderr=log, check=False)
        log.seek(0)
        return read_outcome(log.read())


def run_with_keystone(command, folder, log, env):
    """Vigil's log is given by SUITE_LOG; emulators end with this process, so that all suites may have some."""
    (folder / 'etc').mkdir(parents=True)
    shutil.copy(HERE / 'tempest.conf', folder / 'etc')
    tests = f'test_path={TEMPEST / "test_discover"}\ntop_dir={TEMPEST.parent}\n'
    (folder / '.stestr.conf').write_text(f'[DEFAULT]\n{tests}')
    keystone = (sys.executable, str(HERE / 'with_keystone.py'), *command)
    env = {**env, 'TEMPEST_CONFIG_DIR': 'etc'}
    subprocess.run(keystone, cwd=folder, env=env, stdout=log, stderr=log, check=False)


def read_outcome(output):
    """What unittest or stestr say at the end; nothing passed where neither came to it."""
    ran = re.findall(r'^Ran (\d+) tests? in', output, re.M)
    if ran:
        last = output.splitlines()[-1] if output.splitlines() else ''
        count = {word: int(number) for word, number in re.findall(r'(\w+)=(\d+)', last)}
        failed = count.get('failures', 0) + count.get('errors', 0)
        skipped = count.get('skipped', 0)
        return Outcome(int(ran[-1]) - failed - skipped, failed, skipped)
    told = {word: int(number) for word, number in re.findall(r'^ - (Passed|Failed|Skipped): (\d+)$', output, re.M)}
    return Outcome(told.get('Passed', 0), told.get('Failed', 0), told.get('Skipped', 0))


def main(names):
    folder = pathlib.Path(tempfile.mkdtemp(prefix='watcher-suites-'))
    short = 0
    for name in names:
        began = time.monotonic()
        passed, failed, skipped = run(name, folder)
        suite = SUITES[name]
        enough = passed >= suite.passed and failed == 0
        short += not enough
        took = round(time.monotonic() - began)
        verdict = '' if enough else f'; {suite.passed} pass on Watcher'
        print(f'{name}: {passed} passed, {failed} failed, {skipped} skipped in {took} s{verdict}', flush=True)
    print(f'logs are in {folder}')
    return 1 if short else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:] or list(SUITES)))
