"""What a step keeps from one update to the next besides the parameters."""

from nn_tui.files.script.segments import SegmentSetting


def initial_memory(setting: SegmentSetting) -> dict[str, str]:
    """Every name that the step reads before it writes it, with the code of its first value."""
    optimizer = setting.method.optimizer_entry
    weights = [name for name in setting.network.shapes() if name[0] == "W"]
    names: dict[str, str] = {}
    if any(rule.code.startswith("t ") for rule in optimizer.once):
        names["t"] = "0"
    for suffix in (*optimizer.memory, *(["carried"] if setting.carries else [])):
        names |= {f"{p}_{suffix}": f"np.zeros_like({p})" for p in setting.network.shapes()}
    for suffix in setting.method.weight_memory:
        names |= {f"{p}_{suffix}": f"np.ones_like({p})" for p in weights}
    if setting.carries:
        names["carried"] = "0"
    return names


def carried_memory(before: SegmentSetting, after: SegmentSetting) -> set[str]:
    """The names whose values ``after`` takes over from ``before``, as a run does."""
    names = initial_memory(before).keys() & initial_memory(after).keys()
    optimizer = after.method.optimizer_entry
    if optimizer.name != before.method.optimizer_entry.name:
        names -= {name for name in names if name == "t" or name.endswith(optimizer.memory)}
    if before.batches != after.batches:
        names -= {name for name in names if name.endswith("carried")}
    return names
