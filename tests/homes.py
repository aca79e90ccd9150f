"""A person without a home, as in a container whose user nobody knows."""

import pwd


def without_home(monkeypatch):
    """Neither the environment nor the system's list of users tells of one."""

    def unknown(_):
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
