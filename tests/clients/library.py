"""Uses the library of the Watcher client as the dashboard does, and prints what it got as one JSON document.

Arguments: the address of the API, a token, and the version to ask for.
"""

import json
import sys
import time

from watcherclient import client

url, token, version = sys.argv[1:]
watcher = client.get_client(
    "1", watcher_url=url, os_auth_token=token, os_infra_optim_api_version=version
)


def until(get, states):
    deadline = time.monotonic() + 60
    while True:
        item = get()
        if item.state in states or time.monotonic() > deadline:
            return item
        time.sleep(0.1)


def plain(resource):
    return {name: value for name, value in resource.to_dict().items() if name != "links"}


template = watcher.audit_template.create(
    name="from-the-library", goal="dummy", strategy="dummy", description="of a test", scope=[]
)
audit = watcher.audit.create(
    audit_template_uuid=template.uuid,
    audit_type="ONESHOT",
    auto_trigger=False,
    name="asked-by-the-library",
    parameters={"para1": 2.5, "para2": "hello"},
)
done = until(lambda: watcher.audit.get(audit.uuid), ("SUCCEEDED", "FAILED", "CANCELLED"))
(plan,) = watcher.action_plan.list(audit=audit.uuid, detail=True)
actions = watcher.action.list(action_plan=plan.uuid, detail=True)
started = watcher.action_plan.start(plan.uuid)
ended = until(lambda: watcher.action_plan.get(plan.uuid), ("SUCCEEDED", "FAILED", "CANCELLED"))

print(
    json.dumps(
        {
            "goals": [goal.name for goal in watcher.goal.list(detail=True)],
            "pages_of_two": [goal.name for goal in watcher.goal.list(limit=0)],
            "strategies": [plain(one) for one in watcher.strategy.list(goal="dummy", detail=True)],
            "strategy_state": [one.to_dict() for one in watcher.strategy.state("dummy")],
            "scoring_engine": plain(watcher.scoring_engine.list(detail=True)[0]),
            "services": [plain(one) for one in watcher.service.list(detail=True)],
            "template": plain(template),
            "templates": [one.name for one in watcher.audit_template.list(goal="dummy")],
            "audit": plain(done),
            "plan": plain(plan),
            "actions": [plain(one) for one in actions],
            "started": started.state,
            "ended": plain(ended),
        }
    )
)
watcher.action_plan.delete(plan.uuid)
watcher.audit.delete(audit.uuid)
watcher.audit_template.delete(template.uuid)
