"""The keys of Explain."""

from textual.binding import Binding, BindingType

EXPLAIN_BINDINGS: list[BindingType] = [
    Binding(
        "enter",
        "next",
        "next",
        id="explain.next",
        key_display="enter",
        tooltip="Execute the next line",
    ),
    *(
        Binding(
            "tab,shift+tab",
            f"focus_result({there})",
            name,
            id="explain.turn",
            key_display="tab",
            priority=True,
            tooltip=f"To the {name}",
        )
        for there, name in ((True, "result"), (False, "code"))
    ),
    Binding(
        "enter",
        "train",
        "train epoch",
        id="explain.next",
        key_display="enter",
        tooltip="At the end: train this epoch and leave",
    ),
    Binding("s", "finish", "finish", id="explain.finish", tooltip="Execute all remaining lines"),
    Binding(
        "s",
        "train",
        "Train epoch",
        id="explain.finish",
        show=False,
        tooltip="At the end: train this epoch and leave",
    ),
    Binding(
        "n",
        "follow(1)",
        "sample",
        id="explain.sample",
        tooltip="Follow the next sample of the batch",
    ),
    Binding(
        "N",
        "follow(-1)",
        "Previous sample",
        id="explain.sample-before",
        show=False,
        tooltip="Follow the previous sample",
    ),
    Binding(
        "f",
        "formula",
        "formula",
        id="explain.formula",
        tooltip="The formula and its source, or the arithmetic",
    ),
    Binding(
        "d",
        "diagram",
        "diagram",
        id="explain.diagram",
        tooltip="The values of the sample in the diagram of the network, or back to the arrays",
    ),
    Binding("e", "edit(False)", "edit", id="explain.edit", tooltip="Edit the line"),
    Binding(
        "g",
        "check",
        "check",
        id="explain.check",
        tooltip="Compare all gradients with differences of the loss, or back to the arrays",
    ),
    Binding(
        "backspace",
        "restore",
        "Restore the line",
        id="explain.restore",
        show=False,
        tooltip="Restore a changed line",
    ),
    Binding(
        "insert,plus",
        "edit(True)",
        "Line below",
        id="explain.insert",
        show=False,
        tooltip="Add a line below",
    ),
    Binding(
        "delete",
        "remove",
        "Leave the line out",
        id="explain.remove",
        show=False,
        tooltip="Leave the line out",
    ),
    Binding(
        "6",
        "lesson",
        "lesson",
        id="explain.lesson",
        show=False,
        tooltip="To the open lesson, or back",
    ),
    Binding(
        "a",
        "about",
        "about",
        id="explain.about",
        show=False,
        tooltip="What the result of this line is: definition, formula, source",
    ),
    Binding(
        "question_mark", "help", "help", id="explain.help", key_display="?", tooltip="All keys"
    ),
    Binding(
        "escape,x,q",
        "dismiss",
        "leave",
        id="explain.leave",
        key_display="esc",
        tooltip="Back to the run, which is unchanged",
    ),
]
