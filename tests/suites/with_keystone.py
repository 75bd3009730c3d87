"""Runs a command while a Vigil with keystone.yaml, which keystone's catalogue names, watches Watcher's sample of a cloud.

    PYTHON tests/suites/with_keystone.py COMMAND...

OS_* name the keystone and an administrator.
"""

import subprocess
import sys

from stage import ROOT, VIGIL, Emulators, VigilProcess

if __name__ == '__main__':
    Emulators().load_sample()
    register = ['node', 'scripts/vigil.mjs', 'catalog', 'register', VIGIL, '--yes']
    subprocess.run(register, cwd=ROOT, check=True)
    with VigilProcess('keystone.yaml'):
        sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
